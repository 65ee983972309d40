"""The limit on PostgreSQL: the same rows in the same two transactions by hand, with psycopg in 8 threads."""

import asyncio
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, cast

import psycopg
from sqlalchemy import make_url

from benchmarks.durable import plant, rows
from benchmarks.durable.rows import Done, Found, Heard
from domain.actions.master import site_id

WORKERS: Final = 8
LANE, INBOX, EVENT, SUBJECT, OUTBOX = (
    rows.insert(name, columns, "%s")
    for name, columns in (
        ("chat_lane", rows.LANE),
        ("inbox", rows.INBOX),
        ("event", rows.EVENT),
        ("event_subject", rows.SUBJECT),
        ("outbox", rows.OUTBOX),
    )
)
SPEAKER, ORDER, TASKS = (
    text.replace("{0}", "%s").replace("{void}", "NOT void") for text in (rows.SPEAKER, rows.ORDER, rows.TASKS)
)
Connection = psycopg.Connection[tuple[Any, ...]]


class PostgresLimit:
    """The hand-written program."""

    def __init__(self, url: str, folder: Path) -> None:
        given = make_url(url)
        self._where = f"host={given.query['host']} user={given.username} dbname={given.database}"
        self._site = site_id(plant.book(folder).site.code)
        self._ids = rows.ids()
        self._id_lock = threading.Lock()
        self._workers = ThreadPoolExecutor(WORKERS)
        self._mine = threading.local()
        self._open: list[Connection] = []

    async def answer(self, body: dict[str, Any]) -> str:
        """Journal in one transaction, handle in the next."""
        said = rows.heard(body, new_id=self._new_id())
        await self._run(self._journal, said)
        return str(await self._run(self._handle, said))

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.to_thread(self._workers.shutdown)
        for connection in self._open:
            connection.close()

    def _new_id(self) -> int:
        with self._id_lock:
            return next(cast("itertools.count[int]", self._ids))

    async def _run(self, job: Callable[[Connection, Heard], Any], said: Heard) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._transact, job, said)

    def _transact(self, job: Callable[[Connection, Heard], Any], said: Heard) -> Any:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = psycopg.connect(self._where)
            self._open.append(self._mine.connection)
        result = job(self._mine.connection, said)
        self._mine.connection.commit()
        return result

    def _journal(self, db: Connection, said: Heard) -> None:
        db.execute(LANE, (said.chat, 0, 0))
        db.execute(INBOX, said.row)

    def _handle(self, db: Connection, said: Heard) -> str:
        found = self._find(db, said)
        done = rows.report(self._site, said, found, event=self._new_id(), outbox=self._new_id())
        db.execute(
            "UPDATE operation_task SET good = %s, scrap = %s WHERE id = %s",
            (done.good, done.scrap, done.task),
        )
        db.execute(EVENT, done.event)
        for subject in done.subjects:
            db.execute(SUBJECT, subject)
        db.execute(OUTBOX, done.outbox)
        self._conclude(db, said, done)
        return done.said

    def _find(self, db: Connection, said: Heard) -> Found:
        (answer,) = _one(
            db.execute("SELECT answer_no FROM chat_lane WHERE chat_key = %s FOR UPDATE", (said.chat,))
        )
        person, department = _one(db.execute(SPEAKER, (self._site, said.user)))
        order, quantity, unit, status = _one(db.execute(f"{ORDER} FOR UPDATE", (self._site, said.order)))
        if status != "running":
            raise rows.Refused
        tasks = db.execute(TASKS, (order,)).fetchall()
        return Found(person, department, order, quantity, unit, tasks, answer)

    def _conclude(self, db: Connection, said: Heard, done: Done) -> None:
        db.execute("UPDATE chat_lane SET answer_no = %s WHERE chat_key = %s", (done.answer, said.chat))
        db.execute(
            "UPDATE inbox SET state = 'done', person_id = %s, answer_no = %s, done_at = %s WHERE id = %s",
            (done.event[3], done.answer, done.event[7], said.id),
        )


def _one(cursor: "psycopg.Cursor[tuple[Any, ...]]") -> tuple[Any, ...]:
    row = cursor.fetchone()
    assert row is not None
    return row
