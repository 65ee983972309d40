"""A group's own webhook, as both platforms know it: a robot that only speaks, at a secret address."""

from dataclasses import dataclass, field

from pydantic import SecretStr


@dataclass(frozen=True, kw_only=True)
class GroupHook:
    """One group with a webhook: `code` in the playbook, `chat_id` at the platform.

    `address` is the whole URL, or at WeCom only its key: whoever has it can speak there. `secret` signs what
    is sent (DingTalk only; None: not signed).
    """

    code: str
    chat_id: str
    title: str = ""
    address: SecretStr = field(repr=False)
    secret: SecretStr | None = field(default=None, repr=False)
