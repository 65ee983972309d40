"""改交期: an order becomes due at another time, and everybody who works towards it hears it."""

from datetime import datetime
from typing import TypedDict

from domain.actions.orders import record_move
from domain.errors import CannotReschedule, DueInThePast
from domain.models.work_order import FINISHED_ORDER
from domain.permits import require
from domain.store import orders
from domain.work import Work


class Rescheduled(TypedDict):
    """When an order was due (None: nobody had said) and is due now, aware UTC; the same if it was before."""

    order: str
    was: datetime | None
    due: datetime


def reschedule(work: Work, *, order: str, due_at: datetime, reason: str = "") -> Rescheduled:
    """Make an unfinished order due at another time (aware UTC).

    Nothing is written where it is due then already. Raises NotFound, CannotReschedule, DueInThePast.
    """
    require(work, "order.schedule")
    found = orders.lock(work, code=order)
    if found.status in FINISHED_ORDER:
        raise CannotReschedule(order=found.code, status=found.standing)
    if due_at <= work.now:
        raise DueInThePast(order=found.code, due=f"{due_at.astimezone(work.playbook.zone):%Y-%m-%d %H:%M}")
    was, found.due_at = found.due_at, due_at
    if was != due_at:
        before = was.isoformat() if was else ""
        record_move(work, "order.rescheduled", found, reason=reason, was=before, due=due_at.isoformat())
    return Rescheduled(order=found.code, was=was, due=due_at)
