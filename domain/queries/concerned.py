"""Who has prepared for an order: the departments that did something for it, have begun on it, or are next."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.models.journal import Event, EventSubject
from domain.models.work_order import OperationTask, TaskStatus, WorkOrder
from domain.work import Work

AT_WORK = (TaskStatus.READY, TaskStatus.RUNNING, TaskStatus.PAUSED, TaskStatus.CANCELLED)


def departments(work: Work, *, order_id: int) -> Sequence[str]:
    """Return the codes of the departments that prepared for an order, by name."""
    acted = (
        select(Event.department)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == "work_order", EventSubject.ref == order_id, Event.department != "")
    )
    begun = select(OperationTask.department).where(
        OperationTask.order_id == order_id, OperationTask.status.in_(AT_WORK), ~OperationTask.void
    )
    work.session.flush()
    return sorted({*work.session.scalars(acted.distinct()), *work.session.scalars(begun.distinct())})


def parent(work: Work, *, order_id: int) -> tuple[str, str]:
    """Return (code, line) of the order that waits for this one; empty where none does."""
    above = select(WorkOrder.parent_id).where(WorkOrder.id == order_id).scalar_subquery()
    found = work.session.execute(
        select(WorkOrder.code, WorkOrder.line).where(WorkOrder.id == above, ~WorkOrder.void)
    ).first()
    return (found.code, found.line) if found else ("", "")
