"""Between event loop and office: what can wait is brought together, who waits is woken once a group."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, TypeVar

from domain.store.office import Office
from domain.work import Work

T = TypeVar("T")
Job = Callable[[Work], T]
PATIENCE_SECONDS: Final = 0.04
Ended = tuple["asyncio.Future[Any]", "Future[Any]"]


class Bridge:
    """Hands results over to one event loop.

    asyncio's own `wrap_future` wakes the loop for every job: a system call and a fight for the interpreter
    each time, in the writer's thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended: list[Ended] = []

    async def result(self, future: "Future[T]") -> T:
        """Wait for a job; whoever waits may be cancelled, the transaction may not."""
        waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.wake(waiting, by=future)
        return await waiting

    def wake(self, waiting: "asyncio.Future[T]", *, by: "Future[T]") -> None:
        """Give `waiting` what a job comes to; it may be cancelled, the transaction may not."""
        by.add_done_callback(partial(self._note, waiting.get_loop(), waiting))

    def _note(
        self, loop: asyncio.AbstractEventLoop, waiting: "asyncio.Future[T]", future: "Future[T]"
    ) -> None:
        with self._lock:
            self._ended.append((waiting, future))
            first = len(self._ended) == 1
        if first and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        with self._lock:
            ended, self._ended = self._ended, []
        for waiting, future in ended:
            if not waiting.done():
                _settle(waiting, future)


def _settle(waiting: "asyncio.Future[T]", future: "Future[T]") -> None:
    if error := future.exception():
        waiting.set_exception(error)
    else:
        waiting.set_result(future.result())


class Clerk:
    """Brings jobs from one event loop to the office.

    Where jobs share a commit, those that nobody waits for go with the next job that somebody waits for, or
    `PATIENCE_SECONDS` after the first: each commit costs the disk's time, and whoever comes meanwhile waits.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._bridge = Bridge()
        self._later: list[tuple[Job[Any], asyncio.Future[Any]]] = []
        self._timer: asyncio.TimerHandle | None = None

    async def write(self, job: Job[T]) -> T:
        """Run a job in the next transaction; returns after its commit."""
        return await self.result(self.begin(job))

    def begin(self, job: Job[T]) -> "Future[T]":
        """Queue a job at once, in the order of the calls; `result` waits for it."""
        first = self._office.write(job)
        if self._later:
            self._bring()
        return first

    async def result(self, future: "Future[T]") -> T:
        """Wait for a job that was begun; whoever waits may be cancelled, the transaction may not."""
        return await self._bridge.result(future)

    async def write_later(self, job: Job[T]) -> T:
        """Run a job that nobody waits for; returns after its commit."""
        if not self._office.shares_commits:
            return await self.write(job)
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[T] = loop.create_future()
        self._later.append((job, waiting))
        if len(self._later) == 1:
            self._timer = loop.call_later(PATIENCE_SECONDS, self._bring)
        return await waiting

    async def read(self, job: Job[T]) -> T:
        """Run a job on a read-only connection."""
        return await self._bridge.result(self._office.read(job))

    def _bring(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        later, self._later = self._later, []
        for job, waiting in later:
            self._bridge.wake(waiting, by=self._office.write(job))
