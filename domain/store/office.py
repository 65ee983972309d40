"""The one door to the database: nothing else opens a transaction, commits or rolls back.

SQLite: one writer thread takes whatever has queued up, runs each job in its own savepoint, inserts the
batched rows, commits once with `synchronous=FULL`, and only then answers (group commit).
PostgreSQL: a pool of workers, one transaction a job, bounded retry on serialization failures and deadlocks.
"""

import queue
import random
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from time import sleep
from typing import Any, Generic, Protocol, Self, TypeVar, cast

import structlog
from sqlalchemy import Connection, Engine

from domain.store.engines import is_sqlite, postgres, sqlite_readers, sqlite_writer
from domain.store.faults import may_retry, said
from domain.store.nodes import session_name
from domain.store.rows import Batch
from domain.store.work import EarlierRows, Setting, StoreWork
from domain.work import Work

T = TypeVar("T")
Job = Callable[[Work], T]
GROUP = 64
READERS = 4
WORKERS = 8
RETRIES = 8
log = structlog.get_logger()


class Office(Protocol):
    """Runs jobs in transactions; both methods return at once with a future of the job's result."""

    def write(self, job: Job[T]) -> Future[T]:
        """Run `job` read-write; the future is done only after the commit, or holds what the job raised."""
        ...

    def read(self, job: Job[T]) -> Future[T]:
        """Run `job` on a read-only connection."""
        ...

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        ...


@dataclass
class _Order(Generic[T]):
    job: Job[T]
    future: Future[T]
    result: Any = None
    error: BaseException | None = None

    def answer(self) -> None:
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class _Readers:
    """A small pool of threads, each with a read-only transaction a job."""

    def __init__(self, engine: Engine, setting: Callable[[], Setting]) -> None:
        self._engine, self._setting = engine, setting
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="office-read")

    def submit(self, job: Job[T]) -> Future[T]:
        return self._threads.submit(self._run, job)

    def _run(self, job: Job[T]) -> T:
        with (
            self._engine.begin() as connection,
            closing(StoreWork(connection, self._setting(), read_only=True)) as work,
        ):
            return job(work)

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self._engine.dispose()


class SqliteOffice:
    """One writer thread with group commit, a pool of readers."""

    def __init__(self, url: str, setting: Callable[[], Setting], *, group: int = GROUP) -> None:
        self._engine = sqlite_writer(url)
        self._setting = setting
        self._group = group
        self._orders: queue.SimpleQueue[_Order[Any] | None] = queue.SimpleQueue()
        self._connection = self._connect()
        self._closed = False
        self._door = threading.Lock()
        self._readers = _Readers(sqlite_readers(url, size=READERS), setting)
        self._writer = threading.Thread(target=self._write_on, name="office-write", daemon=True)
        self._writer.start()

    def write(self, job: Job[T]) -> Future[T]:
        """Queue `job` for the next group; raises RuntimeError once the office is closed."""
        order = _Order(job, Future[T]())
        with self._door:
            if self._closed:
                raise RuntimeError("the office is closed")
            self._orders.put(order)
        return order.future

    def read(self, job: Job[T]) -> Future[T]:
        """Run `job` on a read-only WAL connection."""
        return self._readers.submit(job)

    def close(self) -> None:
        """Finish what is queued, then close."""
        with self._door:
            self._closed = True
            self._orders.put(None)
        self._writer.join()
        self._readers.close()
        self._connection.close()
        self._engine.dispose()

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        connection.rollback()
        return connection

    def _write_on(self) -> None:
        while (first := self._orders.get()) is not None:
            group, last = self._gather(first)
            self._survive([order for order in group if order.future.set_running_or_notify_cancel()])
            if last:
                return

    def _survive(self, group: Sequence[_Order[Any]]) -> None:
        """Run a group; whatever breaks even the recovery is the group's answer, never the writer's end."""
        try:
            self._run_group(group)
        except BaseException as error:
            log.exception("office.writer_failed", jobs=len(group))
            for order in group:
                if not order.future.done():
                    order.future.set_exception(error)
            self._reopen()

    def _reopen(self) -> None:
        try:
            self._engine.dispose()
            self._connection = self._connect()
        except Exception:
            log.exception("office.reopen_failed")  # the next group will try again

    def _gather(self, first: _Order[Any]) -> tuple[list[_Order[Any]], bool]:
        group = [first]
        while len(group) < self._group:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                break
            if order is None:
                return group, True
            group.append(order)
        return group, False

    def _run_group(self, group: Sequence[_Order[Any]]) -> None:
        try:
            self._transact(group)
        except Exception as error:  # noqa: BLE001 (a full disk ends the whole transaction: each job alone then)
            self._end_broken_transaction()
            if len(group) > 1:
                log.warning("office.group_failed", jobs=len(group), error=said(error))
                for order in group:
                    self._run_group([order])
                return
            log.error("office.write_failed", error=said(error))  # noqa: TRY400 (the caller has the traceback)
            group[0].error = error
        for order in group:
            if not order.future.done():
                order.answer()

    def _transact(self, group: Sequence[_Order[Any]]) -> None:
        batch, setting = Batch(), self._setting()
        with self._connection.begin():
            for order in group:
                order.result = order.error = None
                self._run_one(order, batch, setting)
            batch.insert(self._connection)

    def _end_broken_transaction(self) -> None:
        # A COMMIT that SQLite refuses (a key that refers to nothing, a full disk) leaves it open.
        self._connection.rollback()
        raw = _raw(self._connection)
        if raw.in_transaction:
            raw.rollback()

    def _run_one(self, order: _Order[Any], batch: Batch, setting: Setting) -> None:
        try:
            order.result = _in_savepoint(self._connection, order.job, setting, batch)
        except EarlierRows:
            batch.insert(self._connection)
            self._run_one(order, batch, setting)
        except Exception as error:
            if not _raw(self._connection).in_transaction:
                raise  # ended by a failed flush, or by SQLite itself (disk full): the group is lost
            order.error = error  # the job's own refusal or bug goes to its caller


def _in_savepoint(connection: Connection, job: Job[T], setting: Setting, batch: Batch) -> T:
    with (
        _Savepoint(_raw(connection)) as savepoint,
        closing(StoreWork(connection, setting, earlier=batch, before_change=savepoint.set)) as work,
    ):
        result = job(work)
        work.finish()
    batch.extend(work.rows)
    return result


class _Savepoint:
    """A savepoint that is set when a job first changes something, and takes it back if the job raises.

    Said to the driver: the session's own costs more than a whole statement (100 µs against 2).
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw, self._is_set = raw, False

    def set(self) -> None:
        self._raw.execute("SAVEPOINT job")
        self._is_set = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not self._is_set or (error is not None and not self._raw.in_transaction):
            return
        if error is not None:
            self._raw.execute("ROLLBACK TO job")
        self._raw.execute("RELEASE job")


def _raw(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


class PostgresOffice:
    """A pool of workers over one shared database; rows coordinate, never memory."""

    def __init__(
        self, url: str, setting: Callable[[], Setting], *, workers: int = WORKERS, node: str = ""
    ) -> None:
        name = session_name(node)
        self._engine = postgres(url, size=workers, name=name)
        self._setting = setting
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="office-write")
        readers = postgres(url, size=READERS, name=name).execution_options(postgresql_readonly=True)
        self._readers = _Readers(readers, setting)

    def write(self, job: Job[T]) -> Future[T]:
        """Run `job` on the next free worker."""
        return self._workers.submit(self._run, job)

    def read(self, job: Job[T]) -> Future[T]:
        """Run `job` in a read-only transaction."""
        return self._readers.submit(job)

    def close(self) -> None:
        """Finish what is queued, then close."""
        self._workers.shutdown(wait=True)
        self._readers.close()
        self._engine.dispose()

    def _run(self, job: Job[T]) -> T:
        for attempt in range(RETRIES):
            try:
                return self._transact(job)
            except Exception as error:
                if attempt == RETRIES - 1 or not may_retry(error):
                    raise
                log.info("office.retry", attempt=attempt + 1, error=type(error).__name__)
                sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 (jitter, not a secret)
        raise AssertionError("unreachable")

    def _transact(self, job: Job[T]) -> T:
        with self._engine.begin() as connection, closing(StoreWork(connection, self._setting())) as work:
            result = job(work)
            work.finish()
            work.rows.insert(connection)
            return result


def open_office(url: str, setting: Callable[[], Setting], *, node: str = "") -> Office:
    """Open the office that fits the database's URL; `node` is who leases rows here."""
    return SqliteOffice(url, setting) if is_sqlite(url) else PostgresOffice(url, setting, node=node)
