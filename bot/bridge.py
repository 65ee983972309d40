"""From the office's threads to the event loop: who waits for a job is woken once a group, not once a job."""

import asyncio
import threading
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
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
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[T] = loop.create_future()
        future.add_done_callback(partial(self._note, loop, waiting))
        return await waiting

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
