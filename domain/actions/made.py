"""What a child order has made: a lot of its product, for its parent to take."""

from decimal import Decimal

from domain.models.flow import finished
from domain.models.genealogy import How
from domain.models.lot import Lot, LotStatus
from domain.models.work_order import WorkOrder
from domain.store import edges, lots, orders
from domain.work import Work

ZERO = Decimal(0)


def stock(work: Work, order: WorkOrder) -> Lot | None:
    """Bring what a child order made into stock, passed by its review; None where nothing waits for it.

    An order that was opened once more changes the lot it made before; raises LotShort if that is used up.
    """
    good = finished(order, orders.tasks(work, order))
    if order.parent_id is None or good == ZERO:
        return None
    lot = orders.lot_made(work, order)
    if lot is None:
        lot, edge = _new_lot(work, order), None
    else:
        edge = edges.made(work, order, lot)
    if edge is None:
        edge = edges.new(
            work,
            How.MADE,
            parent=("order", order.id),
            child=("lot", lot.id),
            quantity=ZERO,
            unit=order.unit,
        )
        work.session.add_all([lot, edge])
    lot.produce(good - edge.quantity)  # not what it has received: a count may have found more
    edge.quantity = good
    return lot


def _new_lot(work: Work, order: WorkOrder) -> Lot:
    book = work.playbook.codes
    code = f"{book.lot}{order.code.removeprefix(book.order)}"
    return lots.empty(
        work,
        code=code,
        material_id=order.product_id,
        unit=order.unit,
        status=LotStatus.RELEASED,
        made_by=order.id,
        place=order.line,
        received_at=work.now,
    )
