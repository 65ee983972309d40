"""Which requests and frames a platform counts: one table, and the hooks that count them on their way.

Sources: DingTalk's billing model and equity notice (Nov 2025; tokens, directory, login and throttled calls
are free), WeCom's pages of its webhook (99110), application messages (90236) and AI bot (101031). Where they
do not say what counts, it is counted: docs/budgets.md.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

import httpx

from bot.platforms.base import Hear, Incoming
from domain.playbook.rules import Use
from notifier.metering import Meter

PATHS: Final[tuple[tuple[str, str, Use], ...]] = (
    ("/robot/sendBySession", "dingtalk", "session"),
    ("/robot/send", "dingtalk", "webhook"),
    ("/v1.0/robot/groupMessages/", "dingtalk", "push"),
    ("/v1.0/robot/oToMessages/", "dingtalk", "push"),
    ("/v1.0/robot/otoMessages/", "dingtalk", "push"),  # batchRecall, spelt otherwise
    ("/v1.0/card/", "dingtalk", "card"),
    ("/v1.0/robot/ding/", "dingtalk", "ding"),
    ("/v1.0/robot/messageFiles/", "dingtalk", "download"),
    ("/media/upload", "dingtalk", "upload"),
    ("/cgi-bin/webhook/send", "wecom", "webhook"),
    ("/cgi-bin/message/", "wecom", "app"),
    ("/cgi-bin/aibot/response", "wecom", "session"),
    ("/cgi-bin/webhook/upload_media", "wecom", "upload"),
    ("/cgi-bin/media/upload", "wecom", "upload"),
    ("/cgi-bin/media/get", "wecom", "download"),
)
"""Beginning of a path, whose it is, and what it is; the first row that fits. What stands in none is free."""

THROTTLED: Final = frozenset({403, 429, 503})
"""Answers of calls that a limit has stopped: not counted (a permission that is missing is not either)."""
KEYS: Final = ("access_token", "key")


def counting(meter: Meter) -> Callable[[httpx.Response], Awaitable[None]]:
    """Return the hook that counts answered requests."""

    async def count(response: httpx.Response) -> None:
        found = _found(response.request.url.path)
        if found and response.status_code not in THROTTLED:
            platform, use = found
            robot = _robot(response.request.url) if use == "webhook" else ""
            meter.count(use, platform=platform, robot=robot)

    return count


def hearing(hear: Hear, meter: Meter) -> Hear:
    """Return `hear` with what it is given counted: redelivered messages too, as they come over the wire."""

    async def heard(incoming: Incoming) -> bool:
        key = f"{incoming.platform}:{incoming.chat_id}"
        meter.count("received", platform=incoming.platform, chat_key=key)
        return await hear(incoming)

    return heard


def _found(path: str) -> tuple[str, Use] | None:
    return next(((platform, use) for start, platform, use in PATHS if path.startswith(start)), None)


def _robot(url: httpx.URL) -> str:
    """Name a group's webhook robot without its key: the first digits of the key's hash."""
    key = next((url.params[name] for name in KEYS if name in url.params), "")
    return f"webhook-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
