"""The sandbox's one clock, and alarms that follow it even when somebody moves the hands."""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from domain.clock import Clock

_LOOK = 0.05  # a moved clock is noticed within this many real seconds


class MovableClock(Clock, Protocol):
    """A clock with hands that can be moved: SystemClock and FixedClock are such."""

    def advance(self, by: timedelta) -> None:
        """Move the hands."""
        ...


class Alarm:
    """A call that has been ordered and can be called off."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self.ring = ring
        self.off = False

    def cancel(self) -> None:
        """Never ring."""
        self.off = True


class Alarms:
    """Rings callbacks when the clock's `monotonic` has come; one task for all of them.

    Transport deadlines (acknowledgement, drop after disconnect) are alarms; whatever expires on paper
    (tokens, webhooks, presigned links) compares `clock.now()` when it is used.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Alarm]] = []
        self._count = itertools.count()
        self._new = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def after(self, seconds: float, ring: Callable[[], None]) -> Alarm:
        """Ring in so many seconds of the clock."""
        alarm = Alarm(ring)
        heapq.heappush(self._heap, (self._clock.monotonic() + seconds, next(self._count), alarm))
        self._new.set()
        return alarm

    async def sleep(self, seconds: float) -> None:
        """Wait so many seconds of the clock."""
        done = asyncio.Event()
        alarm = self.after(seconds, done.set)
        try:
            await done.wait()
        finally:
            alarm.cancel()

    def start(self) -> None:
        """Begin to look at the clock."""
        self._task = asyncio.create_task(self._run(), name="sandbox alarms")

    async def stop(self) -> None:
        """Ring no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            self._ring_due()
            self._new.clear()
            wait = min(self._heap[0][0] - self._clock.monotonic(), _LOOK) if self._heap else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._new.wait(), wait)

    def _ring_due(self) -> None:
        loop = asyncio.get_running_loop()
        while self._heap and (self._heap[0][2].off or self._heap[0][0] <= self._clock.monotonic()):
            alarm = heapq.heappop(self._heap)[2]
            if not alarm.off:
                loop.call_soon(alarm.ring)  # an error in one alarm must not stop the others
