"""The one door to the database: nothing else opens a transaction, commits or rolls back.

SQLite: one writer thread takes whatever has queued up, runs each job in its own savepoint, inserts the
batched rows, commits once with `synchronous=FULL`, and only then answers (group commit).
PostgreSQL: a pool of workers, one transaction a job, bounded retry of what certainly had no effect.
"""

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from queue import Empty
from time import sleep
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy import Connection

from domain.store.checkpoints import Checkpoints
from domain.store.engines import is_sqlite, postgres, sqlite_readers, sqlite_writer
from domain.store.faults import may_retry, said
from domain.store.images import Sessions
from domain.store.kept import KeptConnection
from domain.store.nodes import session_name
from domain.store.queue import Job, Order, Queue
from domain.store.readers import READERS, Readers
from domain.store.rows import Batch
from domain.store.savepoint import Savepoint, driver_of
from domain.store.work import EarlierRows, Setting, StoreWork

T = TypeVar("T")
GROUP = 64
WORKERS = 8
RETRIES = 8
log = structlog.get_logger()


class Office(Protocol):
    """Runs jobs in transactions; both methods return at once with a future of the job's result.

    `shares_commits` says whether jobs that come together are one transaction.
    """

    shares_commits: bool

    def write(self, job: Job[T]) -> Future[T]:
        """Run `job` read-write; the future is done only after the commit, or holds what the job raised."""
        ...

    def read(self, job: Job[T]) -> Future[T]:
        """Run `job` on a read-only connection."""
        ...

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        ...


class SqliteOffice:
    """One writer thread with group commit, a pool of readers."""

    shares_commits = True

    def __init__(self, url: str, setting: Callable[[], Setting], *, group: int = GROUP) -> None:
        self._engine = sqlite_writer(url)
        self._setting = setting
        self._group = group
        self._queue = Queue()
        self._connection = self._connect()
        self._checkpoints = Checkpoints(url)
        self._readers = Readers(sqlite_readers(url, size=READERS), setting)
        self._writer = threading.Thread(target=self._write_on, name="office-write", daemon=True)
        self._writer.start()

    def write(self, job: Job[T]) -> Future[T]:
        """Queue `job` for the next group; raises RuntimeError once the office is closed."""
        return self._queue.put(job)

    def read(self, job: Job[T]) -> Future[T]:
        """Run `job` on a read-only WAL connection."""
        return self._readers.submit(job)

    def close(self) -> None:
        """Finish what is queued, then close."""
        self._queue.close(threads=1)
        self._writer.join()
        self._checkpoints.close()
        self._readers.close()
        self._sessions.close()
        self._connection.close()
        self._engine.dispose()

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        connection.rollback()
        self._sessions = Sessions(connection)
        return connection

    def _write_on(self) -> None:
        while (first := self._queue.take()) is not None:
            group, last = self._gather(first)
            self._survive([order for order in group if order.future.set_running_or_notify_cancel()])
            if last:
                return

    def _survive(self, group: Sequence[Order[Any]]) -> None:
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

    def _gather(self, first: Order[Any]) -> tuple[list[Order[Any]], bool]:
        group = [first]
        while len(group) < self._group:
            try:
                order = self._queue.take_at_once()
            except Empty:
                break
            if order is None:
                return group, True
            group.append(order)
        return group, False

    def _run_group(self, group: Sequence[Order[Any]]) -> None:
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
        self._checkpoints.note_commit()

    def _transact(self, group: Sequence[Order[Any]]) -> None:
        batch, setting = Batch(), self._setting()
        with self._connection.begin():
            run = partial(
                _in_savepoint, self._connection, setting=setting, sessions=self._sessions, batch=batch
            )
            try:
                for order in group:
                    order.result = order.error = None
                    self._run_one(order, batch, run)
                batch.insert(self._connection)
            finally:
                self._sessions.leave()

    def _end_broken_transaction(self) -> None:
        # A COMMIT that SQLite refuses (a key that refers to nothing, a full disk) leaves it open.
        self._connection.rollback()
        raw = driver_of(self._connection)
        if raw.in_transaction:
            raw.rollback()

    def _run_one(self, order: Order[Any], batch: Batch, run: Callable[[Job[Any]], Any]) -> None:
        try:
            order.result = run(order.job)
        except EarlierRows:
            batch.insert(self._connection)
            self._run_one(order, batch, run)
        except Exception as error:
            if not driver_of(self._connection).in_transaction:
                raise  # ended by a failed flush, or by SQLite itself (disk full): the group is lost
            order.error = error  # the job's own refusal or bug goes to its caller


def _in_savepoint(
    connection: Connection, job: Job[T], *, setting: Setting, sessions: Sessions, batch: Batch
) -> T:
    savepoint = Savepoint(driver_of(connection))
    work = StoreWork(connection, setting, sessions=sessions, earlier=batch, before_change=savepoint.set)
    with savepoint, closing(work):
        result = job(work)
        work.finish()
    batch.extend(work.rows)
    return result


class PostgresOffice:
    """A pool of workers over one shared database; rows coordinate, never memory."""

    shares_commits = False

    def __init__(
        self, url: str, setting: Callable[[], Setting], *, workers: int = WORKERS, node: str = ""
    ) -> None:
        name = session_name(node)
        self._engine = postgres(url, size=workers, name=name)
        self._setting = setting
        self._queue = Queue()
        readers = postgres(url, size=READERS, name=name).execution_options(postgresql_readonly=True)
        self._readers = Readers(readers, setting)
        self._workers = [
            threading.Thread(target=self._work_on, name=f"office-write-{number}", daemon=True)
            for number in range(workers)
        ]
        for worker in self._workers:
            worker.start()

    def write(self, job: Job[T]) -> Future[T]:
        """Run `job` on the next free worker; raises RuntimeError once the office is closed."""
        return self._queue.put(job)

    def read(self, job: Job[T]) -> Future[T]:
        """Run `job` in a read-only transaction."""
        return self._readers.submit(job)

    def close(self) -> None:
        """Finish what is queued, then close."""
        self._queue.close(threads=len(self._workers))
        for worker in self._workers:
            worker.join()
        self._readers.close()
        self._engine.dispose()

    def _work_on(self) -> None:
        kept = KeptConnection(self._engine)
        while (order := self._queue.take()) is not None:
            if order.future.set_running_or_notify_cancel():
                try:
                    order.result = self._run(order.job, kept)
                except BaseException as error:  # noqa: BLE001 (whatever a job raises is its caller's)
                    order.error = error
                order.answer()
            del order  # or what a job returned would live until the next one comes
        kept.give_back()

    def _run(self, job: Job[T], kept: KeptConnection) -> T:
        for attempt in range(RETRIES):
            try:
                return self._transact(job, kept)
            except BaseException as error:
                again = attempt < RETRIES - 1 and may_retry(error, uncommitted=kept.uncommitted)
                kept.give_back()
                if not again:
                    raise
                log.info("office.retry", attempt=attempt + 1, error=type(error).__name__)
                sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 (jitter, not a secret)
        raise AssertionError("unreachable")

    def _transact(self, job: Job[T], kept: KeptConnection) -> T:
        connection = kept.take()
        with (
            connection.begin(),
            closing(Sessions(connection)) as sessions,
            closing(StoreWork(connection, self._setting(), sessions=sessions)) as work,
        ):
            result = job(work)
            work.finish()
            work.rows.insert(connection)
            kept.uncommitted = False
            return result


def open_office(url: str, setting: Callable[[], Setting], *, node: str = "") -> Office:
    """Open the office that fits the database's URL; `node` is who leases rows here."""
    return SqliteOffice(url, setting) if is_sqlite(url) else PostgresOffice(url, setting, node=node)
