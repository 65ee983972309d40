"""Jobs that wait for a writing thread of the office, each with the future that waits for it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from domain.work import Work

T = TypeVar("T")
Job = Callable[[Work], T]


@dataclass
class Order(Generic[T]):
    """A job, what it returned or raised, and who is to hear of it."""

    job: Job[T]
    future: Future[T]
    result: Any = None
    error: BaseException | None = None

    def answer(self) -> None:
        """Tell whoever waits."""
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Queue:
    """Orders in the order in which they came; once closed it takes no more, and every thread finds an end.

    `take` waits for the next order, `take_at_once` raises queue.Empty; None is the end.
    """

    def __init__(self) -> None:
        self._orders: SimpleQueue[Order[Any] | None] = SimpleQueue()
        self.take, self.take_at_once = self._orders.get, self._orders.get_nowait
        self._closed = False
        self._door = threading.Lock()

    def put(self, job: Job[T]) -> Future[T]:
        """Return the future of a job; raises RuntimeError once closed."""
        order = Order(job, Future[T]())
        with self._door:
            if self._closed:
                raise RuntimeError("the office is closed")
            self._orders.put(order)
        return order.future

    def close(self, *, threads: int) -> None:
        """Let each of so many threads find the end after what is queued."""
        with self._door:
            self._closed = True
            for _ in range(threads):
                self._orders.put(None)
