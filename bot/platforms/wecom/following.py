"""What follows a message that was delivered, at every door: later parts, a picture, files."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot.platforms.enclosures import NOT_SENT, twice
from bot.platforms.wecom.rendering.content import Content
from notifier.delivery import Delivered, Outcome

log = structlog.get_logger(__name__)

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
    for content in contents:
        sign = NOT_SENT.get(content.kind, NOT_SENT["text"])
        if failed := await twice(partial(send, content), sign=sign):
            failures += failed
            log.warning("wecom.rest_not_sent", key=key, kind=content.kind, reason=failed[0])
            await send(say(sign))
    return replace(first, note="；".join(filter(None, [first.note, *failures])))
