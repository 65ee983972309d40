"""What has stood still for too long, and what is about to run out: found by looking, not by a message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from domain.duty import worked
from domain.models.andon import Andon
from domain.models.journal import Event, EventSubject
from domain.models.lot import Lot, LotStatus
from domain.models.work_order import OrderStatus, WorkOrder
from domain.work import Work

ACTIVITY = ("work.reported", "order.started", "order.resumed")
STALLED = "停滞"  # the word by which a playbook has its andon kind for orders that stand still, if it has one
USABLE = (LotStatus.RELEASED, LotStatus.IN_INSPECTION, LotStatus.QUARANTINED)
AT_ONCE = 50


def standing_still(work: Work) -> Sequence[int]:
    """Return running orders that nobody has reported on within the limit and nobody was called for yet."""
    if STALLED not in work.playbook.andon_kinds_by_word:
        return []
    running = select(WorkOrder.id).where(
        WorkOrder.site_id == work.site_id, WorkOrder.status == OrderStatus.RUNNING, ~WorkOrder.void
    )
    return [it for it in work.session.scalars(running) if stalled_since(work, order_id=it) is not None]


def stalled_since(work: Work, *, order_id: int) -> tuple[int, datetime] | None:
    """Return the last activity (event id and time) of an order that stands still; None if it does not.

    Only the hours of production shifts count, and each standstill counts once.
    """
    last = _last_activity(work, order_id=order_id)
    limit = work.playbook.limits.stalled
    if last is None or work.now - last[1] < limit or _called_for(work, order_id=order_id, event_id=last[0]):
        return None
    return last if worked(work.playbook, since=last[1], until=work.now) >= limit else None


def cause_of(order_id: int, event_id: int) -> str:
    """Return the cause of the andon for a standstill since this event."""
    return f"stalled:{order_id}:{event_id}"


def _last_activity(work: Work, *, order_id: int) -> tuple[int, datetime] | None:
    query = (
        select(Event.id, Event.recorded_at)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == "work_order", EventSubject.ref == order_id, Event.type.in_(ACTIVITY))
    )
    found = work.session.execute(query.order_by(EventSubject.event_id.desc()).limit(1)).first()
    return (found.id, found.recorded_at) if found else None


def _called_for(work: Work, *, order_id: int, event_id: int) -> bool:
    cause = cause_of(order_id, event_id)
    query = select(Andon.id).where(Andon.site_id == work.site_id, Andon.cause_key == cause)
    return work.session.scalars(query.limit(1)).first() is not None


def expiring(work: Work) -> Sequence[int]:
    """Return lots in stock that expire within the limit and of which nobody has been told."""
    by = work.now + work.playbook.limits.expiry_warning
    told = (
        exists()
        .where(EventSubject.kind == "lot", EventSubject.ref == Lot.id)
        .where(EventSubject.event_id == Event.id, Event.type == "lot.expiring")
    )
    query = select(Lot.id).where(
        Lot.site_id == work.site_id, Lot.status.in_(USABLE), Lot.on_hand > 0, Lot.expires_at <= by
    )
    return work.session.scalars(query.where(~Lot.void, ~told).order_by(Lot.expires_at).limit(AT_ONCE)).all()


def hours(length: timedelta) -> str:
    """Write a limit for a sentence of the shop floor: 4, 1.5."""
    return f"{length.total_seconds() / 3600:g}"
