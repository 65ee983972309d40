"""What follows a message that was delivered, at every door: later parts, a picture, files."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import structlog

from bot.platforms.enclosures import NOT_SENT, twice
from bot.platforms.wecom.rendering.content import Content
from notifier.delivery import Delivered, Outcome

log = structlog.get_logger(__name__)

SECONDS: Final = 4.0
"""What the dispatcher's patience leaves after uploads and the first message: it would send that again."""
LATE: Final = f"{SECONDS:.0f} 秒内没有发完"

Send = Callable[[Content], Awaitable[Outcome]]


def plainly(text: str) -> Content:
    """Return a message of plain text."""
    return Content(kind="text", data={"content": text})


async def followed(
    first: Delivered, contents: Sequence[Content], *, send: Send, say: Callable[[str], Content], key: str
) -> Delivered:
    """Send each; what fails is said in the chat and in the outcome, and not retried: the text is there."""
    if not contents:
        return first
    failures: list[str] = []
    try:
        async with asyncio.timeout(SECONDS):
            for content in contents:
                failures += await _one(content, send=send, say=say, key=key)
    except TimeoutError:
        failures.append(LATE)
        log.warning("wecom.rest_not_sent", key=key, reason=LATE)
    return replace(first, note="；".join(filter(None, [first.note, *failures])))


async def _one(content: Content, *, send: Send, say: Callable[[str], Content], key: str) -> list[str]:
    """Send one; return why it did not work, which is then said in the chat, or nothing."""
    sign = NOT_SENT.get(content.kind, NOT_SENT["text"])
    failed = await twice(partial(send, content), sign=sign)
    if failed:
        log.warning("wecom.rest_not_sent", key=key, kind=content.kind, reason=failed[0])
        await send(say(sign))
    return failed
