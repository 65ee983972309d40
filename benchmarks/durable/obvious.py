"""The obvious way: an ORM session per command, keys made by the database, one commit for each half.

A plain session in a thread; an async session is slower still. On SQLite one thread and BEGIN IMMEDIATE, since
SQLAlchemy's defaults lose updates as soon as two write. The rows are those of `rows.py`.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Session

from benchmarks.durable import plant, rows
from benchmarks.durable.rows import MICRO, Done, Found, Heard
from domain.actions.master import site_id
from domain.models import journal
from domain.models.columns import Json
from domain.models.people import Account, Person
from domain.models.work_order import OperationTask, OrderStatus, WorkOrder
from domain.store.engines import sqlite_writer

KEY: Final = BigInteger().with_variant(Integer, "sqlite")  # SQLite makes keys for INTEGER only
WORKERS: Final = 8


class Base(DeclarativeBase):
    """The tables whose keys the database makes."""


def twin(model: Any) -> Table:
    """Return a table like ours, but for the maker of the key; JSON is handed over as text."""
    unique = ("platform", "tenant", "message_id") if model is journal.Inbox else ()
    columns = [
        Column(
            it.name,
            KEY if it.name == "id" else Text() if isinstance(it.type, Json) else it.type,
            primary_key=it.primary_key,
            autoincrement=it.name == "id",
            nullable=it.nullable,
        )
        for it in model.__table__.columns
    ]
    constraints = [UniqueConstraint(*unique)] if unique else []
    return Table(f"obvious_{model.__tablename__}", Base.metadata, *columns, *constraints)


class Inbox(Base):
    """What was heard."""

    __table__ = twin(journal.Inbox)


class Event(Base):
    """What happened."""

    __table__ = twin(journal.Event)


class Subject(Base):
    """What it happened to."""

    __table__ = twin(journal.EventSubject)


class Outbox(Base):
    """What is to be said."""

    __table__ = twin(journal.Outbox)


def mapped(model: Any, columns: str, row: rows.Row) -> Any:
    """Return an object of the row's values, without the key that the database makes."""
    values = dict(zip(columns.split(", "), row, strict=True))
    values.pop("id", None)
    return model(**values)


class Obvious:
    """What one writes first."""

    def __init__(self, url: str, folder: Path) -> None:
        alone = url.startswith("sqlite")
        self._engine: Engine = sqlite_writer(url) if alone else create_engine(url, pool_size=WORKERS)
        Base.metadata.create_all(self._engine)
        self._site = site_id(plant.book(folder).site.code)
        self._workers = ThreadPoolExecutor(1 if alone else WORKERS)

    async def answer(self, body: dict[str, Any]) -> str:
        """Journal in one session, handle in the next."""
        said = rows.heard(body, new_id=0)
        inbox_id = await self._run(self._journal, said)
        return str(await self._run(self._handle, said, inbox_id))

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.to_thread(self._workers.shutdown)
        self._engine.dispose()

    async def _run(self, job: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._workers, job, *arguments)

    def _journal(self, said: Heard) -> int | None:
        with Session(self._engine) as session:
            known = select(Inbox).where(Inbox.__table__.c.message_id == said.row[3])
            if session.scalars(known).first() is not None:
                return None
            if session.get(journal.ChatLane, said.chat) is None:
                session.add(journal.ChatLane(chat_key=said.chat))
            message = mapped(Inbox, rows.INBOX, (*said.row[:5], journal.InboxState.PENDING, *said.row[6:]))
            session.add(message)
            session.commit()
            return int(message.id)

    def _handle(self, said: Heard, inbox_id: int) -> str:
        with Session(self._engine) as session:
            message: Any = session.get_one(Inbox, inbox_id)
            lane = session.get_one(journal.ChatLane, said.chat, with_for_update=True)
            found, tasks = self._find(session, said, answer=lane.answer_no)
            done = rows.report(self._site, said, found, event=0, outbox=0)
            task = next(it for it in tasks if it.id == done.task)
            task.good, task.scrap = Decimal(done.good) / MICRO, Decimal(done.scrap) / MICRO
            self._add(session, done, inbox_id)
            lane.answer_no = done.answer
            message.state, message.person_id = journal.InboxState.DONE, found.person
            message.answer_no, message.done_at = done.answer, done.event[7]
            session.commit()
            return done.said

    def _find(self, session: Session, said: Heard, *, answer: int) -> tuple[Found, list[OperationTask]]:
        here = (Account.site_id == self._site, Account.user_id == said.user, Account.active, Person.active)
        person = session.scalars(
            select(Person).join(Account, Account.person_id == Person.id).where(*here)
        ).one()
        order = session.scalars(
            select(WorkOrder)
            .where(WorkOrder.site_id == self._site, WorkOrder.code == said.order, ~WorkOrder.void)
            .with_for_update()
        ).one()
        if order.status is not OrderStatus.RUNNING:
            raise rows.Refused
        query = select(OperationTask).where(OperationTask.order_id == order.id, ~OperationTask.void)
        tasks = list(session.scalars(query.order_by(OperationTask.sequence)))
        found = [
            (it.id, it.name, _micro(it.good), _micro(it.scrap), _micro(it.open_rework), it.department)
            for it in tasks
        ]
        quantity = _micro(order.quantity)
        return Found(person.id, person.department, order.id, quantity, order.unit, found, answer), tasks

    def _add(self, session: Session, done: Done, inbox_id: int) -> None:
        happened = mapped(Event, rows.EVENT, (*done.event[:6], inbox_id, *done.event[7:]))
        session.add(happened)
        session.flush()
        for kind, ref, _, changed in done.subjects:
            session.add(Subject(kind=kind, ref=ref, event_id=happened.id, changed=changed))
        row = (done.outbox[0], done.outbox[1], f"reply:{inbox_id}", *done.outbox[3:])
        state = rows.OUTBOX.split(", ").index("state")
        session.add(
            mapped(Outbox, rows.OUTBOX, (*row[:state], journal.OutboxState.LEASED, *row[state + 1 :]))
        )


def _micro(quantity: Decimal) -> int:
    return int(quantity * MICRO)
