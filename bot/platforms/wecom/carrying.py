"""What an answer on a call cannot take along goes by another door: files, pictures, all of a long text."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog

from bot.platforms.enclosures import NOT_SENT
from notifier.delivery import Delivered, Outgoing

log = structlog.get_logger(__name__)

SECONDS: Final = 5.0  # what the dispatcher's patience leaves after the answer itself
LATE: Final = f"{NOT_SENT['file']}{SECONDS:.0f} 秒内没有发完"
BY_APP: Final = "（附件由企业微信自建应用发给你）"


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """The other door: `send` gives what goes with a card, and all its text if `abridged`; `where`: a line."""

    send: Callable[..., Awaitable[Delivered]]
    where: str = ""

    async def carry(self, out: Outgoing, *, abridged: bool, after: Delivered) -> Delivered:
        """Return the outcome of the answer, with a note of what did not arrive after it."""
        try:
            async with asyncio.timeout(SECONDS):
                note = (await self.send(out, abridged=abridged)).note
        except TimeoutError:
            note = LATE
        if note:
            log.warning("wecom.rest_not_sent", key=out.key, reason=note)
        return replace(after, note=note)
