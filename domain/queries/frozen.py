"""冻结清单: what may not be used now: held, set aside, or waiting for a change, with who said so and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from domain.models.genealogy import Hold
from domain.models.journal import EVENT_ORDER, Event, EventSubject
from domain.models.lot import GONE_LOT, Lot, LotStatus
from domain.models.people import Person
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import OrderStatus, WorkOrder
from domain.queries import named
from domain.queries.named import Named, Thing
from domain.queries.paging import cut
from domain.work import Work

SIZE: Final = 15
ASIDE: Final[dict[str, tuple[Any, Any]]] = {
    "order": (WorkOrder, OrderStatus.CHANGE_HOLD),
    "lot": (Lot, LotStatus.QUARANTINED),
    "unit": (Unit, UnitStatus.QUARANTINED),
}
"""States in which a thing stands aside, besides being held."""
SAID: Final[dict[str, tuple[str, ...]]] = {
    "order": ("order.change_held",),
    "lot": ("nonconformance.judged", "nonconformance.raised"),
    "unit": ("unit.quarantined", "nonconformance.judged", "nonconformance.raised"),
}
"""The events by which it came to stand aside."""


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """One thing that may not be used: why, by whom, since when (nothing and None where nobody wrote it).

    `held` itself; what is not stands aside by its status. What is `gone` is there for what was made of it.
    """

    held: bool
    kind: str
    code: str
    what: str
    status: str
    reason: str
    who: str
    since: datetime | None

    @property
    def gone(self) -> bool:
        """Whether the lot itself has left the house."""
        return self.kind == "lot" and self.status in GONE_LOT


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of what is frozen: holds in front, the newest first."""

    number: int
    pages: int
    total: int
    things: tuple[Frozen, ...]


@dataclass(frozen=True)
class _Why:
    reason: str
    who: str
    since: datetime | None


def now(work: Work, *, page: int | None = None) -> Page:
    """Return a page of what is frozen, the first without a number."""
    work.session.flush()
    every = [*_held(work), *_aside(work)]
    part = cut(len(every), size=SIZE, page=page or 1)
    shown = every[part.first : part.end]
    whys = _holds(work, [hold for _thing, hold in shown if hold])
    said = _said(work, [thing for thing, hold in shown if not hold])
    names = named.called(work, [thing for thing, _hold in shown])
    things = (
        _frozen(names[thing], whys[hold] if hold else said.get(thing), held=bool(hold))
        for thing, hold in shown
    )
    return Page(number=part.number, pages=part.pages, total=len(every), things=tuple(things))


def _held(work: Work) -> Iterator[tuple[Thing, int]]:
    query = select(Hold.kind, Hold.ref, Hold.id).where(
        Hold.site_id == work.site_id, Hold.until.is_(None), ~Hold.void
    )
    for kind, ref, hold in work.session.execute(query.order_by(Hold.since.desc(), Hold.id.desc())):
        yield (kind, ref), hold


def _aside(work: Work) -> Iterator[tuple[Thing, int]]:
    """Give what stands aside without being held itself."""
    for kind, (model, status) in ASIDE.items():
        itself = select(Hold.ref).where(Hold.kind == kind, Hold.until.is_(None), ~Hold.void)
        query = select(model.id).where(model.site_id == work.site_id, model.status == status, ~model.void)
        for ref in work.session.scalars(query.where(model.id.not_in(itself)).order_by(model.id.desc())):
            yield (kind, ref), 0


def _holds(work: Work, ids: Sequence[int]) -> Mapping[int, _Why]:
    query = select(Hold.id, Hold.reason, Person.name, Hold.since).outerjoin(Person, Person.id == Hold.held_by)
    rows = work.session.execute(query.where(Hold.id.in_(ids)))
    return {hold: _Why(reason, who or "", since) for hold, reason, who, since in rows}


def _said(work: Work, things: Sequence[Thing]) -> Mapping[Thing, _Why]:
    """Return by which act things came to stand aside: the newest of its kind that was not undone."""
    found: dict[Thing, _Why] = {}
    voided = select(Event.void_of).where(Event.void_of.is_not(None))
    for kind, types in SAID.items():
        refs = [ref for one, ref in things if one == kind]
        table = "work_order" if kind == "order" else kind
        query = (
            select(EventSubject.ref, Event.data, Person.name, Event.occurred_at)
            .join(Event, Event.id == EventSubject.event_id)
            .outerjoin(Person, Person.id == Event.actor_id)
            .where(EventSubject.kind == table, EventSubject.ref.in_(refs), Event.type.in_(types))
            .where(Event.id.not_in(voided))
        )
        for ref, data, who, at in work.session.execute(query.order_by(EVENT_ORDER)) if refs else ():
            found[kind, ref] = _Why(str(data.get("reason") or data.get("text") or ""), who or "", at)
    return found


def _frozen(thing: Named, why: _Why | None, *, held: bool) -> Frozen:
    return Frozen(
        held=held,
        kind=thing.kind,
        code=thing.code,
        what=thing.what,
        status=thing.status,
        reason=why.reason if why else "",
        who=why.who if why else "",
        since=why.since if why else None,
    )
