"""Whoever comes for the same key goes one after the other, in the order in which they came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class OneByOne:
    """Turns, by key."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Future[None]] = {}

    @asynccontextmanager
    async def turn(self, key: str) -> "AsyncIterator[asyncio.Future[None]]":
        """Wait until all who came before have left the block; gives a future that ends with this turn."""
        before, mine = self._last.get(key), asyncio.get_running_loop().create_future()
        self._last[key] = mine
        try:
            if before is not None:
                await asyncio.wait({before})
            yield mine
        finally:
            if before is None or before.done():
                self._end(key, mine)
            else:  # given up while others are before us: who comes next waits for them too
                before.add_done_callback(lambda _before: self._end(key, mine))

    def _end(self, key: str, mine: "asyncio.Future[None]") -> None:
        mine.set_result(None)
        if self._last[key] is mine:
            del self._last[key]
