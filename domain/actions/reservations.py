"""Setting aside: so much of a lot for an order, in the store, on the way, or at its line."""

from decimal import Decimal

from domain.errors import LotReserved, LotShort
from domain.models.lot import Lot
from domain.models.supply import Reservation
from domain.models.work_order import WorkOrder
from domain.store import reservations
from domain.work import Work

ZERO = Decimal(0)


def refuse_others(work: Work, lot: Lot, order: WorkOrder, *, quantity: Decimal) -> None:
    """Refuse to take from a lot what is set aside for other orders; raises LotReserved."""
    others = reservations.for_others(work, lot, order_id=order.id)
    free = lot.on_hand - sum((set_aside for _order, set_aside in others), ZERO)
    if others and quantity > max(free, ZERO):
        whose = work.session.get_one(WorkOrder, others[0][0]).code
        raise LotReserved(lot=lot.code, order=whose, free=max(free, ZERO), unit=lot.unit)


def reserve(work: Work, lot: Lot, order: WorkOrder, *, quantity: Decimal, at_line: bool = False) -> None:
    """Set so much aside; the caller's event owns it."""
    work.session.add(
        Reservation(
            id=work.new_id(),
            lot_id=lot.id,
            order_id=order.id,
            quantity=quantity,
            at_line=at_line,
            since=work.now,
            void=False,
        )
    )


def stage(work: Work, lot: Lot, order: WorkOrder, *, quantity: Decimal) -> None:
    """Bring so much of a lot to the order's line; raises LotShort beyond what is not there yet."""
    mine = reservations.of_order(work, order, lot=lot)
    there = sum((it.quantity for it in mine if it.at_line), ZERO)
    if quantity > lot.on_hand - there:
        raise LotShort(lot=lot.code, on_hand=lot.on_hand - there, asked=quantity, unit=lot.unit)
    _take(work, [it for it in mine if not it.at_line], quantity)
    reserve(work, lot, order, quantity=quantity, at_line=True)


def draw(work: Work, lot: Lot, order: WorkOrder, *, quantity: Decimal) -> None:
    """Use up what was set aside of the lot for the order, what stands at its line first."""
    _take(work, list(reservations.of_order(work, order, lot=lot)), quantity)


def unstage(work: Work, lot: Lot, order: WorkOrder, *, quantity: Decimal) -> Decimal:
    """Take back from the line what has not been used; returns how much of it stood there."""
    there = [it for it in reservations.of_order(work, order, lot=lot) if it.at_line]
    return _take(work, there, quantity)


def _take(work: Work, mine: list[Reservation], quantity: Decimal) -> Decimal:
    left = quantity
    for one in mine:
        taken = min(left, one.quantity)
        one.quantity, left = one.quantity - taken, left - taken
        if one.quantity == ZERO:
            one.until = work.now
    return quantity - left
