"""The groups' webhooks of the playbook, their secrets looked up when the house starts."""

import structlog

from bot.platforms.grouphook import GroupHook
from bot.settings import SecretMissing, secret
from domain.playbook import Playbook
from domain.playbook.plant import Chat, PlatformName

log = structlog.get_logger()


def group_hooks(playbook: Playbook, *, platform: PlatformName) -> tuple[GroupHook, ...]:
    """Return the webhooks of one platform's groups; one whose secret is missing is logged and left out."""
    found = [_hook(chat) for chat in playbook.chats if chat.platform == platform and chat.webhook]
    return tuple(hook for hook in found if hook is not None)


def hook_of(chat: Chat) -> GroupHook:
    """Return the webhook of a group that has one; raises SecretMissing."""
    return GroupHook(
        code=chat.code,
        chat_id=chat.id,
        title=chat.title,
        address=secret(chat.webhook or ""),
        secret=secret(chat.secret) if chat.secret else None,
    )


def _hook(chat: Chat) -> GroupHook | None:
    try:
        return hook_of(chat)
    except SecretMissing as missing:
        log.error("webhook.secret_missing", chat=chat.code, reference=missing.reference)  # noqa: TRY400 (no bug)
        return None
