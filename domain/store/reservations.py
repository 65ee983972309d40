"""What of a lot is set aside, for which order, and what is free."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select

from domain.models.lot import Lot
from domain.models.supply import Reservation
from domain.models.work_order import WorkOrder
from domain.work import Work


def of_order(
    work: Work, order: WorkOrder, *, lot: Lot | None = None, lock: bool = True
) -> Sequence[Reservation]:
    """Return what is set aside for an order (of one lot), what stands at its line first."""
    query = select(Reservation).where(
        Reservation.order_id == order.id, Reservation.until.is_(None), ~Reservation.void
    )
    query = query.where(Reservation.lot_id == lot.id) if lot else query
    query = query.order_by(Reservation.at_line.desc(), Reservation.id)
    if not lock:
        return work.session.scalars(query).all()
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def for_others(work: Work, lot: Lot, *, order_id: int) -> Sequence[tuple[int, Decimal]]:
    """Return (order, quantity) of what of a lot is set aside for other orders."""
    work.session.flush()
    query = (
        select(Reservation.order_id, func.sum(Reservation.quantity))
        .where(Reservation.lot_id == lot.id, Reservation.until.is_(None), ~Reservation.void)
        .where(Reservation.order_id != order_id)
        .group_by(Reservation.order_id)
    )
    return [(other, quantity) for other, quantity in work.session.execute(query)]


def by_lot(work: Work, lot_ids: Sequence[int]) -> dict[int, list[Reservation]]:
    """Return what is set aside of these lots."""
    query = select(Reservation).where(
        Reservation.lot_id.in_(lot_ids), Reservation.until.is_(None), ~Reservation.void
    )
    found: dict[int, list[Reservation]] = {}
    for one in work.session.scalars(query):
        found.setdefault(one.lot_id, []).append(one)
    return found
