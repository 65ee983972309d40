"""Jobs that only read: beside the writer, never in its way."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

from sqlalchemy import Engine

from domain.store.images import Sessions
from domain.store.queue import Job
from domain.store.work import Setting, StoreWork

T = TypeVar("T")
READERS = 4


class Readers:
    """A small pool of threads, each with a read-only transaction a job."""

    def __init__(self, engine: Engine, setting: Callable[[], Setting]) -> None:
        self._engine, self._setting = engine, setting
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="office-read")

    def submit(self, job: Job[T]) -> Future[T]:
        """Run `job` on the next free thread."""
        return self._threads.submit(self._run, job)

    def _run(self, job: Job[T]) -> T:
        with (
            self._engine.begin() as connection,
            closing(Sessions(connection)) as sessions,
            closing(StoreWork(connection, self._setting(), sessions=sessions, read_only=True)) as work,
        ):
            return job(work)

    def close(self) -> None:
        """Finish what was submitted, then close every connection."""
        self._threads.shutdown(wait=True)
        self._engine.dispose()
