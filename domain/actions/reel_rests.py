"""余 N: what is left on a reel that is taken out, against what the book says and what may be unreported."""

from decimal import Decimal
from typing import Final, TypedDict

from domain.actions import counting
from domain.models.columns import rounded
from domain.models.floor import Loading
from domain.models.flow import come_to, room
from domain.models.lot import Lot
from domain.models.routing import BomLine
from domain.models.work_order import WorkOrder
from domain.store import lots, orders
from domain.work import Work

ZERO: Final = Decimal(0)


class Rest(TypedDict):
    """What was said to be left, what the book had, and what no piece explains (below zero: missing).

    The rest of the difference is taken by the next report. `approval` was asked about it, if any.
    """

    left: Decimal
    book: Decimal
    difference: Decimal
    approval: str


def settle(work: Work, loading: Loading, *, left: Decimal, note: str) -> Rest:
    """Compare what is left on a reel with the book; what cannot be, by the pieces there are, is a count."""
    lot = lots.lock_ids(work, {loading.lot_id})[loading.lot_id]
    book, counted = lot.on_hand, max(left, min(lot.on_hand, left + _unreported(work, loading, lot)))
    if counted == book:
        return Rest(left=left, book=book, difference=ZERO, approval="")
    done = counting.adjust(work, lot, counted=counted, note=note)
    return Rest(left=left, book=book, difference=done["difference"], approval=done["approval"])


def _unreported(work: Work, loading: Loading, lot: Lot) -> Decimal:
    """Return what pieces may have taken that are not reported yet: no more than the operation has."""
    order = work.session.get_one(WorkOrder, loading.order_id)
    line = work.session.get_one(BomLine, loading.bom_line_id)
    tasks = orders.tasks(work, order)
    task = next((it for it in tasks if it.code == line.operation and it.counts), None)
    if task is None:
        return lot.on_hand
    pieces = max(room(order, come_to(order, tasks, task)) - task.good - task.scrap, ZERO)
    return rounded(pieces * line.quantity) + loading.short
