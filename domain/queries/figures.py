"""Numbers of a stretch of time, from the events of that time (voided ones left out)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from domain.models.andon import Andon
from domain.models.journal import Event, EventSubject
from domain.models.work_order import OrderStatus, WorkOrder
from domain.work import Work

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Output:
    """What one operation of one order made."""

    order: str
    operation: str
    good: Decimal
    scrap: Decimal
    rework: Decimal


@dataclass(frozen=True, kw_only=True)
class Answering:
    """How andons of a stretch of time were answered; None where there is nothing to average."""

    raised: int
    acknowledged: int
    closed: int
    mean_ack: timedelta | None
    slowest: str
    slowest_ack: timedelta | None


def output(work: Work, *, since: datetime, until: datetime, order_id: int | None = None) -> Sequence[Output]:
    """Return what was reported (of one order): sums per order and operation, in the order of first report."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for data in _living(work, "work.reported", since=since, until=until, order_id=order_id):
        total = sums.setdefault((data["order"], data["operation"]), [ZERO, ZERO, ZERO])
        for place, name in enumerate(("good", "scrap", "rework")):
            total[place] += Decimal(data[name])
    return [
        Output(order=order, operation=operation, good=good, scrap=scrap, rework=rework)
        for (order, operation), (good, scrap, rework) in sums.items()
    ]


def completed(work: Work, *, since: datetime, until: datetime) -> Sequence[str]:
    """Return codes of orders that were completed."""
    return [data["order"] for data in _living(work, "order.completed", since=since, until=until)]


def received(work: Work, *, since: datetime, until: datetime) -> int:
    """Count lots that somebody received (what the house loaded at its opening is no delivery)."""
    return len(_living(work, "lot.received", since=since, until=until, by_people=True))


def _living(
    work: Work,
    event_type: str,
    *,
    since: datetime,
    until: datetime,
    by_people: bool = False,
    order_id: int | None = None,
) -> list[dict[str, str]]:
    voided = select(Event.void_of).where(Event.void_of.is_not(None))
    query = select(Event.data).where(
        Event.site_id == work.site_id,
        Event.type == event_type,
        Event.occurred_at >= since,
        Event.occurred_at < until,
        Event.id.not_in(voided),
    )
    if by_people:
        query = query.where(Event.actor_id.is_not(None))
    if order_id is not None:
        about = select(EventSubject.event_id).where(
            EventSubject.kind == "work_order", EventSubject.ref == order_id
        )
        query = query.where(Event.id.in_(about))
    return list(work.session.scalars(query.order_by(Event.id)))


def answering(work: Work, *, since: datetime, until: datetime, department: str = "") -> Answering:
    """Return how andons raised in this time were answered."""
    query = select(Andon).where(
        Andon.site_id == work.site_id, Andon.raised_at >= since, Andon.raised_at < until, ~Andon.void
    )
    if department:
        query = query.where(Andon.department == department)
    found = work.session.scalars(query.order_by(Andon.id)).all()
    waits = [(it.acknowledged_at - it.raised_at, it.code) for it in found if it.acknowledged_at]
    slowest = max(waits, default=(None, ""))
    return Answering(
        raised=len(found),
        acknowledged=len(waits),
        closed=sum(it.closed_at is not None for it in found),
        mean_ack=sum((wait for wait, _ in waits), timedelta()) / len(waits) if waits else None,
        slowest=slowest[1],
        slowest_ack=slowest[0],
    )


def late_orders(work: Work, *, by: datetime) -> Sequence[str]:
    """Return codes of orders whose due time is before `by` and that are not finished."""
    done = (OrderStatus.COMPLETED, OrderStatus.CLOSED, OrderStatus.CANCELLED, OrderStatus.DRAFT)
    query = select(WorkOrder.code).where(
        WorkOrder.site_id == work.site_id,
        WorkOrder.due_at < by,
        WorkOrder.status.not_in(done),
        ~WorkOrder.void,
    )
    return work.session.scalars(query.order_by(WorkOrder.due_at)).all()
