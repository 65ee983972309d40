"""The obvious way: an async ORM session per command, keys made by the database, one commit for each half.

On SQLite one command at a time: SQLAlchemy's defaults lose updates as soon as two write. The rows are those
of `rows.py`.
"""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from benchmarks.durable import plant, rows
from benchmarks.durable.rows import MICRO, Done, Found, Heard
from domain.actions.master import site_id
from domain.models import journal
from domain.models.columns import Json
from domain.models.people import Account, Person
from domain.models.work_order import OperationTask, OrderStatus, WorkOrder

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
        self._engine = opened(url)
        self._site = site_id(plant.book(folder).site.code)
        self._turn = asyncio.Semaphore(1 if url.startswith("sqlite") else WORKERS)

    async def answer(self, body: dict[str, Any]) -> str:
        """Journal in one session, handle in the next."""
        said = rows.heard(body, new_id=0)
        async with self._turn, AsyncSession(self._engine, expire_on_commit=False) as session:
            inbox_id = await self._journal(session, said)
        async with self._turn, AsyncSession(self._engine, expire_on_commit=False) as session:
            return await self._handle(session, said, inbox_id)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def _journal(self, session: AsyncSession, said: Heard) -> int:
        it = Inbox.__table__.c
        known = select(Inbox).where(
            it.platform == said.row[1], it.tenant == said.row[2], it.message_id == said.row[3]
        )
        assert (await session.scalars(known)).first() is None
        if await session.get(journal.ChatLane, said.chat) is None:
            session.add(journal.ChatLane(chat_key=said.chat))
        message = mapped(Inbox, rows.INBOX, (*said.row[:5], journal.InboxState.PENDING, *said.row[6:]))
        session.add(message)
        await session.commit()
        return int(message.id)

    async def _handle(self, session: AsyncSession, said: Heard, inbox_id: int) -> str:
        message: Any = await session.get_one(Inbox, inbox_id)
        lane = await session.get_one(journal.ChatLane, said.chat, with_for_update=True)
        found, tasks = await self._find(session, said, answer=lane.answer_no)
        done = rows.report(self._site, said, found, event=0, outbox=0)
        task = next(it for it in tasks if it.id == done.task)
        task.good, task.scrap = Decimal(done.good) / MICRO, Decimal(done.scrap) / MICRO
        await self._add(session, done, inbox_id)
        lane.answer_no = done.answer
        message.state, message.person_id = journal.InboxState.DONE, found.person
        message.answer_no, message.done_at = done.answer, done.event[7]
        await session.commit()
        return done.said

    async def _find(
        self, session: AsyncSession, said: Heard, *, answer: int
    ) -> tuple[Found, Sequence[OperationTask]]:
        here = (
            Account.site_id == self._site,
            Account.platform == "wecom",
            Account.user_id == said.user,
            Account.active,
            Person.active,
        )
        speaker = select(Person).join(Account, Account.person_id == Person.id).where(*here)
        person = (await session.scalars(speaker)).one()
        named = (WorkOrder.site_id == self._site, WorkOrder.code == said.order, ~WorkOrder.void)
        order = (await session.scalars(select(WorkOrder).where(*named).with_for_update())).one()
        if order.status is not OrderStatus.RUNNING:
            raise rows.Refused
        steps = select(OperationTask).where(OperationTask.order_id == order.id, ~OperationTask.void)
        tasks = (await session.scalars(steps.order_by(OperationTask.sequence))).all()
        found = [
            (it.id, it.name, _micro(it.good), _micro(it.scrap), _micro(it.open_rework), it.department)
            for it in tasks
        ]
        quantity = _micro(order.quantity)
        return Found(person.id, person.department, order.id, quantity, order.unit, found, answer), tasks

    async def _add(self, session: AsyncSession, done: Done, inbox_id: int) -> None:
        happened = mapped(Event, rows.EVENT, (*done.event[:6], inbox_id, *done.event[7:]))
        session.add(happened)
        await session.flush()
        for kind, ref, _, changed in done.subjects:
            session.add(Subject(kind=kind, ref=ref, event_id=happened.id, changed=changed))
        row = (done.outbox[0], done.outbox[1], f"reply:{inbox_id}", *done.outbox[3:])
        state = rows.OUTBOX.split(", ").index("state")
        session.add(
            mapped(Outbox, rows.OUTBOX, (*row[:state], journal.OutboxState.LEASED, *row[state + 1 :]))
        )


def opened(url: str) -> AsyncEngine:
    """Return the engine, its tables made; SQLite as durable as the other ways have it."""
    if not url.startswith("sqlite"):
        maker, engine = create_engine(url), create_async_engine(url, pool_size=WORKERS)
    else:
        maker = create_engine(url)
        engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"))
        event.listen(engine.sync_engine, "connect", _make_durable)
    Base.metadata.create_all(maker)
    maker.dispose()
    return engine


def _make_durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _micro(quantity: Decimal) -> int:
    return int(quantity * MICRO)
