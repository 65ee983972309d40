"""履历: everything that happened to a thing, oldest first: who, when, what, by which message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from domain.errors import NotFound
from domain.models.journal import EVENT_ORDER, Event, EventSubject, Inbox
from domain.models.people import Person
from domain.queries import named
from domain.queries.paging import cut
from domain.queries.people import title_of
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event: `number` of the answer to the message that caused it, 0 where none did, `said_in` its chat.

    `voided` by the answer of that number (0: not void, -1: by no message); `made_up`: it was entered later
    than it happened, at `recorded_at`.
    """

    type: str
    at: datetime
    recorded_at: datetime
    who: str
    place: str
    number: int
    said_in: str
    voided: int
    data: dict[str, Any]

    @property
    def made_up(self) -> bool:
        """Whether it was entered after it happened."""
        return self.at < self.recorded_at


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a thing's history; the last page has the newest. `kind` and `what` it is as `named` says."""

    kind: str
    code: str
    what: str
    number: int
    pages: int
    total: int
    entries: tuple[Entry, ...]


def of_thing(work: Work, *, code: str, kind: str = "code", page: int | None = None, size: int = 15) -> Page:
    """Return a page of the history of an order, lot, piece, box or shipment, the newest without a number.

    `kind` is what the code was taken for, should nothing have it. Raises NotFound, SeveralLots.
    """
    found = named.find(work, code=code)
    if found is None:
        raise NotFound(kind=kind, code_text=code)
    table = "work_order" if found.kind == "order" else found.kind
    mine = select(EventSubject.event_id).where(EventSubject.kind == table, EventSubject.ref == found.id)
    every = mine.union(select(Event.id).where(Event.void_of.in_(mine)))
    total = work.session.scalar(select(func.count()).select_from(every.subquery())) or 0
    part = cut(total, size=size, page=page or total)
    query = (
        select(Event, Person.name, Inbox.answer_no, Inbox.chat_key)
        .outerjoin(Person, Person.id == Event.actor_id)
        .outerjoin(Inbox, Inbox.id == Event.message)
        .where(Event.id.in_(every))
        .order_by(EVENT_ORDER)
        .offset(part.first)
        .limit(size)
    )
    rows = work.session.execute(query).all()
    voids = _voids(work, [row[0].id for row in rows])
    titles = {key: title_of(work, chat_key=key) for key in {row[3] for row in rows} if key}
    entries = tuple(
        _entry(event, (name or "", answer or 0, titles.get(key, "")), voids)
        for event, name, answer, key in rows
    )
    return Page(
        kind=found.kind,
        code=found.code,
        what=found.what,
        number=part.number,
        pages=part.pages,
        total=total,
        entries=entries,
    )


def _voids(work: Work, events: Sequence[int]) -> dict[int, int]:
    query = (
        select(Event.void_of, Inbox.answer_no)
        .outerjoin(Inbox, Inbox.id == Event.message)
        .where(Event.void_of.in_(events))
    )
    return {void_of or 0: answer or -1 for void_of, answer in work.session.execute(query).all()}


def _entry(event: Event, act: tuple[str, int, str], voids: dict[int, int]) -> Entry:
    who, number, said_in = act
    return Entry(
        type=event.type,
        at=event.occurred_at,
        recorded_at=event.recorded_at,
        who=who,
        place=event.place,
        number=number,
        said_in=said_in,
        voided=voids.get(event.id, 0),
        data=event.data,
    )
