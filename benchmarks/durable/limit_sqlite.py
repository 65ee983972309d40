"""The limit on SQLite: what a careful programmer writes by hand with `sqlite3`, and nothing more.

One writer thread takes what has queued up, one BEGIN IMMEDIATE and one COMMIT (synchronous=FULL) for the
group, inserts by `executemany`; the journal is one group commit, the effect the next. A group's waiters are
woken together.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from benchmarks.durable import plant, rows
from benchmarks.durable.rows import Done, Found, Heard
from domain.actions.master import site_id

GROUP: Final = 64
INSERTS: Final = {
    name: rows.insert(name, columns, "?")
    for name, columns in {
        "chat_lane": rows.LANE,
        "inbox": rows.INBOX,
        "event": rows.EVENT,
        "event_subject": rows.SUBJECT,
        "outbox": rows.OUTBOX,
    }.items()
}
SPEAKER, ORDER, TASKS = (
    text.replace("{0}", "?").replace("{void}", "void = 0") for text in (rows.SPEAKER, rows.ORDER, rows.TASKS)
)
Waiter = tuple[Callable[[], Any], "asyncio.Future[Any]"]


def as_text(at: datetime) -> str:
    """Return a moment as SQLAlchemy keeps it on SQLite."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class SqliteLimit:
    """The hand-written program."""

    def __init__(self, url: str, folder: Path) -> None:
        sqlite3.register_adapter(datetime, as_text)
        self._db = sqlite3.connect(
            url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
            self._db.execute(f"PRAGMA {pragma}")
        self._site = site_id(plant.book(folder).site.code)
        self._ids = rows.ids()
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[Waiter | None] = queue.SimpleQueue()
        self._batch: dict[str, list[Any]] = {name: [] for name in INSERTS}
        self._writer = threading.Thread(target=self._write)
        self._writer.start()

    async def answer(self, body: dict[str, Any]) -> str:
        """Journal in one group commit, handle in the next."""
        said = rows.heard(body, new_id=next(self._ids))
        await self._run(lambda: self._journal(said))
        return str(await self._run(lambda: self._handle(said)))

    async def close(self) -> None:
        """Finish the queue, close the file."""
        self._queue.put(None)
        await asyncio.to_thread(self._writer.join)
        self._db.close()

    def _run(self, job: Callable[[], Any]) -> "asyncio.Future[Any]":
        future = self._loop.create_future()
        self._queue.put((job, future))
        return future

    def _write(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            with contextlib.suppress(queue.Empty):
                while len(group) < GROUP:
                    group.append(cast("Waiter", self._queue.get_nowait()))  # None comes when all is done
            results = self._transact([job for job, _ in group])
            self._loop.call_soon_threadsafe(_wake, [future for _, future in group], results)

    def _transact(self, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
        self._db.execute("BEGIN IMMEDIATE")
        results = [job() for job in jobs]
        for name, waiting in self._batch.items():
            if waiting:
                self._db.executemany(INSERTS[name], waiting)
                waiting.clear()
        self._db.execute("COMMIT")
        return results

    def _journal(self, said: Heard) -> None:
        self._batch["chat_lane"].append((said.chat, 0, 0))
        self._batch["inbox"].append(said.row)

    def _handle(self, said: Heard) -> str:
        done = rows.report(self._site, said, self._find(said), event=next(self._ids), outbox=next(self._ids))
        self._db.execute(
            "UPDATE operation_task SET good = ?, scrap = ? WHERE id = ?", (done.good, done.scrap, done.task)
        )
        self._batch["event"].append(done.event)
        self._batch["event_subject"] += done.subjects
        self._batch["outbox"].append(done.outbox)
        self._conclude(said, done)
        return done.said

    def _find(self, said: Heard) -> Found:
        ask = self._db.execute
        person, department = ask(SPEAKER, (self._site, said.user)).fetchone()
        (answer,) = ask("SELECT answer_no FROM chat_lane WHERE chat_key = ?", (said.chat,)).fetchone()
        order, quantity, unit, status = ask(ORDER, (self._site, said.order)).fetchone()
        if status != "running":
            raise rows.Refused
        tasks = ask(TASKS, (order,)).fetchall()
        return Found(person, department, order, quantity, unit, tasks, answer)

    def _conclude(self, said: Heard, done: Done) -> None:
        self._db.execute("UPDATE chat_lane SET answer_no = ? WHERE chat_key = ?", (done.answer, said.chat))
        self._db.execute(
            "UPDATE inbox SET state = 'done', person_id = ?, answer_no = ?, done_at = ? WHERE id = ?",
            (done.event[3], done.answer, done.event[7], said.id),
        )


def _wake(futures: Sequence["asyncio.Future[Any]"], results: Sequence[Any]) -> None:
    for future, result in zip(futures, results, strict=True):
        future.set_result(result)
