"""Hands what was heard to the journal: in order within a chat, chats side by side, the reader never waits.

The protocol has no acknowledgement of a callback and documents no redelivery, so a frame that the journal
cannot take (full disk) is kept in memory and tried again; if that fails for good, its author is told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.platforms.base import Hear, Incoming
from bot.platforms.wecom.config import Timing

log = structlog.get_logger(__name__)

MOST_WAITING: Final = 20_000


class Ears:
    """What has been heard and is not yet in the journal."""

    def __init__(self, hear: Hear, *, timing: Timing, sorry: Callable[[Incoming], Awaitable[None]]) -> None:
        self._hear = hear
        self._timing = timing
        self._sorry = sorry
        self._last: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, incoming: Incoming) -> None:
        """Queue a message behind the earlier ones of its chat; returns at once."""
        full = len(self._tasks) >= MOST_WAITING
        before = self._last.get(incoming.chat_id)
        task = asyncio.create_task(
            self._give_up(incoming) if full else self._journal(incoming, before=before)
        )
        self._tasks.add(task)
        self._last[incoming.chat_id] = task
        task.add_done_callback(lambda done: self._forget(done, chat_id=incoming.chat_id))

    async def drain(self, *, within: float) -> None:
        """Wait until all that was heard is in the journal; what is not after `within` seconds is let go."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=within)
        left = set(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if left:
            log.error("wecom.heard_but_not_journalled", count=len(left))

    def _forget(self, done: asyncio.Task[None], *, chat_id: str) -> None:
        self._tasks.discard(done)
        if self._last.get(chat_id) is done:
            del self._last[chat_id]

    async def _journal(self, incoming: Incoming, *, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait({before})
        for pause in (*self._timing.journal_pauses, None):
            if await self._written(incoming):
                return
            if pause is not None:
                await asyncio.sleep(pause)
        await self._give_up(incoming)

    async def _written(self, incoming: Incoming) -> bool:
        try:
            new = await self._hear(incoming)
        except Exception as error:  # noqa: BLE001 (whatever keeps the journal shut, the frame must not be lost)
            log.warning("wecom.journal_failed", message_id=incoming.message_id, error=type(error).__name__)
            return False
        log.debug("wecom.heard", message_id=incoming.message_id, kind=incoming.kind, new=new)
        return True

    async def _give_up(self, incoming: Incoming) -> None:
        log.critical("wecom.frame_lost", message_id=incoming.message_id, chat_id=incoming.chat_id)
        await self._sorry(incoming)
