"""The tasks that must never end: one that does is logged, shown in health, and started again."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final

import structlog

RESTART_SECONDS: Final = 1.0
SHOWN_SECONDS: Final = 60.0
Make = Callable[[], Coroutine[Any, Any, None]]
log = structlog.get_logger()


class Watch:
    """Runs endless coroutines; each is made anew after it ended by a bug, until `stop`."""

    def __init__(self, *, monotonic: Callable[[], float], restart_seconds: float = RESTART_SECONDS) -> None:
        self._monotonic = monotonic
        self._restart_seconds = restart_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._died: dict[str, float] = {}
        self._stopping = False

    def keep(self, name: str, make: Make) -> None:
        """Run what `make` makes from now on."""
        if self._stopping:
            return
        task = asyncio.create_task(make(), name=name)
        self._tasks[name] = task
        task.add_done_callback(partial(self._ended, name, make))

    def troubles(self) -> list[str]:
        """Return what has died within the last minute."""
        now = self._monotonic()
        return sorted(name for name, at in self._died.items() if now - at < SHOWN_SECONDS)

    def retire(self) -> None:
        """Start nothing again: what ends from here on was told to."""
        self._stopping = True

    async def stop(self) -> None:
        """End everything."""
        self.retire()
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _ended(self, name: str, make: Make, task: asyncio.Task[None]) -> None:
        if self._stopping or task.cancelled():
            return
        self._died[name] = self._monotonic()
        log.error("task.died", task=name, exc_info=task.exception())
        asyncio.get_running_loop().call_later(self._restart_seconds, self.keep, name, make)
