"""The journal as rows: acts, histories, and what stands on an event."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from domain.models.andon import Andon
from domain.models.approval import Approval
from domain.models.container import Container, Shipment
from domain.models.finding import Finding
from domain.models.floor import Handover, Loading, SignOn, Slot, Timer
from domain.models.journal import EVENT_ORDER, Event, EventSubject, Inbox, Outbox
from domain.models.lot import Lot
from domain.models.nonconformance import NonConformance, NonConformanceItem
from domain.models.supply import PurchaseLine, Requisition, RequisitionLine, Reservation
from domain.models.unit import Unit
from domain.models.work_order import OperationTask, OrderStatus, WorkOrder
from domain.work import Work

LOCKED: Final[dict[str, Any]] = {
    "work_order": WorkOrder,
    "operation_task": OperationTask,
    "unit": Unit,
    "container": Container,
    "shipment": Shipment,
    "finding": Finding,
    "lot": Lot,
    "reservation": Reservation,
    "requisition": Requisition,
    "requisition_line": RequisitionLine,
    "purchase_line": PurchaseLine,
    "slot": Slot,
    "loading": Loading,
    "nonconformance": NonConformance,
    "nonconformance_item": NonConformanceItem,
    "timer": Timer,
    "sign_on": SignOn,
    "handover": Handover,
    "approval": Approval,
    "andon": Andon,
}
"""The order in which everybody locks: an order's lock covers its tasks."""


def of_act(work: Work, *, message: int) -> Sequence[Event]:
    """Return the events that one message produced, oldest first."""
    work.see_rows()
    return work.session.scalars(select(Event).where(Event.message == message).order_by(EVENT_ORDER)).all()


def lock_touched(work: Work, done: Sequence[Event]) -> None:
    """Lock what events changed, the orders they are about first, ids ascending, and read it afresh.

    Whoever undoes writes absolute values: a report that came in between would be lost.
    """
    touched = {table: {int(key) for event in done for key in event.after.get(table, {})} for table in LOCKED}
    of_tasks = select(OperationTask.order_id).where(OperationTask.id.in_(touched.pop("operation_task")))
    about = select(EventSubject.ref).where(EventSubject.kind == "work_order")
    touched["work_order"] |= set(work.session.scalars(of_tasks))
    touched["work_order"] |= set(
        work.session.scalars(about.where(EventSubject.event_id.in_([event.id for event in done])))
    )
    for table, ids in touched.items():
        kind = LOCKED[table]
        rows = select(kind).where(kind.id.in_(ids)).order_by(kind.id)
        work.session.execute(rows.with_for_update().execution_options(populate_existing=True)).all()


def living_data(work: Work, *, task: int) -> Sequence[dict[str, Any]]:
    """Return what was reported of one operation of an order and not voided since."""
    work.see_rows()
    a_void = aliased(Event)
    query = (
        select(Event.data)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == "operation_task", EventSubject.ref == task)
        .where(Event.type == "work.reported", ~exists().where(a_void.void_of == Event.id))
    )
    return work.session.scalars(query).all()


def is_void(work: Work, event_id: int) -> bool:
    """Say whether a later event voids this one."""
    return work.session.scalars(select(Event.id).where(Event.void_of == event_id)).first() is not None


def later_on_same(work: Work, event: Event) -> Event | None:
    """Return the newest living event that changed a row which `event` changed, after it.

    Right over nodes while the rows are locked (`lock_touched`): see `Event.sequence`.
    """
    mine = select(EventSubject.kind, EventSubject.ref).where(
        EventSubject.event_id == event.id, EventSubject.changed
    )
    a_void = aliased(Event)
    for kind, ref in work.session.execute(mine).all():
        later = (
            select(Event)
            .join(EventSubject, EventSubject.event_id == Event.id)
            .where(EventSubject.kind == kind, EventSubject.ref == ref, EventSubject.changed)
            .where((event.sequence or event.id) < EVENT_ORDER, Event.void_of.is_(None))
            .where(~exists().where(a_void.void_of == Event.id))
            .order_by(EVENT_ORDER.desc())
            .limit(1)
        )
        if found := work.session.scalars(later).first():
            return found
    return None


def later_about(
    work: Work, event: Event, *, thing: tuple[str, int], types: Collection[str], besides: Collection[int]
) -> Event | None:
    """Return the newest living event of these types after `event` about a thing, changed by it or not.

    The acts `besides` (ids) are not looked at.
    """
    kind, ref = thing
    a_void = aliased(Event)
    query = (
        select(Event)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == kind, EventSubject.ref == ref)
        .where((event.sequence or event.id) < EVENT_ORDER, Event.type.in_(types))
        .where(Event.id.not_in(besides), ~exists().where(a_void.void_of == Event.id))
    )
    return work.session.scalars(query.order_by(EVENT_ORDER.desc()).limit(1)).first()


def of_closed_order(work: Work, event: Event) -> bool:
    """Say whether an event is about an order that is closed."""
    query = (
        select(WorkOrder.id)
        .join(EventSubject, (EventSubject.kind == "work_order") & (EventSubject.ref == WorkOrder.id))
        .where(EventSubject.event_id == event.id, WorkOrder.status == OrderStatus.CLOSED)
    )
    return work.session.scalars(query.limit(1)).first() is not None


def newest_id(work: Work) -> int:
    """Return the highest id in the journal, inbox and outbox; 0 in an empty database."""
    tables = (Event.id, Inbox.id, Outbox.id)
    return max(work.session.execute(select(func.max(column))).scalar() or 0 for column in tables)
