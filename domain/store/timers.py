"""Timers on lots, units and orders: found by what they run on, locked, and those whose time has come."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import and_, or_, select

from domain.errors import NotFound
from domain.models.floor import Timer, TimerStatus
from domain.models.lot import Lot
from domain.models.unit import Unit
from domain.models.work_order import WorkOrder
from domain.store import lots, orders
from domain.work import Work

LIVE: Final = (TimerStatus.ACTIVE, TimerStatus.WARNED)
AT_ONCE: Final = 50
Subject = Lot | Unit | WorkOrder


def subject(work: Work, *, code: str) -> Subject:
    """Return the lot, unit or order of this code, locked; raises NotFound, SeveralLots."""
    if order := orders.find(work, code=code):
        return orders.lock(work, code=order.code)
    unit = select(Unit).where(Unit.site_id == work.site_id, Unit.code == code, ~Unit.void)
    if found := work.session.scalars(unit.with_for_update()).first():
        return found
    return lots.lock(work, code=code)


def of(work: Work, *, kind: str, refs: Sequence[int]) -> Sequence[Timer]:
    """Return every timer on these things, the newest first."""
    query = select(Timer).where(Timer.kind == kind, Timer.ref.in_(refs), ~Timer.void)
    return work.session.scalars(query.order_by(Timer.started_at.desc(), Timer.id.desc())).all()


def lock(work: Work, timer_id: int) -> Timer:
    """Return a timer by id, locked; raises NotFound."""
    query = select(Timer).where(Timer.id == timer_id, ~Timer.void)
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(kind="timer", code_text=str(timer_id))
    return found


def due(work: Work) -> Sequence[int]:
    """Return ids of timers that are to be warned of, or are over, the longest due first."""
    warned = and_(Timer.status == TimerStatus.ACTIVE, Timer.warn_at <= work.now)
    over = and_(Timer.status.in_(LIVE), Timer.due_at <= work.now)
    query = select(Timer.id).where(Timer.site_id == work.site_id, or_(warned, over), ~Timer.void)
    return work.session.scalars(query.order_by(Timer.due_at).limit(AT_ONCE)).all()


def ancestors(work: Work, lot: Lot) -> Sequence[int]:
    """Return the ids of a lot and of those it was split off, itself first."""
    found = [lot.id]
    parent = lot.parent_id
    while parent is not None and parent not in found:
        found.append(parent)
        parent = work.session.get_one(Lot, parent).parent_id
    return found
