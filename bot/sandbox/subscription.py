"""Changes of the pretend world as they happen, for whoever listens."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from bot.sandbox.town import Change


class Subscription:
    """Changes as they happen: `with world.subscribe() as changes: async for change in changes`."""

    def __init__(self, listeners: set["Subscription"]) -> None:
        self._queue: asyncio.Queue[Change] = asyncio.Queue()
        self._all = listeners
        self._all.add(self)

    def put(self, change: Change) -> None:
        """Hand a change over."""
        self._queue.put_nowait(change)

    async def next(self) -> Change:
        """Wait for the next change."""
        return await self._queue.get()

    def close(self) -> None:
        """Hear no more."""
        self._all.discard(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aiter__(self) -> AsyncIterator[Change]:
        while True:
            yield await self.next()
