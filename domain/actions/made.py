"""What a child order has made: a lot of its product, for its parent to take."""

from decimal import Decimal

from domain.models.flow import finished
from domain.models.genealogy import Confidence, Edge, How
from domain.models.lot import Lot, LotStatus
from domain.models.work_order import WorkOrder
from domain.store import edges, orders
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
        edge = _edge(work, order, lot, ZERO)
        work.session.add_all([lot, edge])
    lot.produce(good - edge.quantity)  # not what it has received: a count may have found more
    edge.quantity = good
    return lot


def _new_lot(work: Work, order: WorkOrder) -> Lot:
    book = work.playbook.codes
    code = f"{book.lot}{order.code.removeprefix(book.order)}"
    return Lot(
        id=work.new_id(),
        site_id=work.site_id,
        code=code,
        lot_no=code,
        material_id=order.product_id,
        supplier="",
        unit=order.unit,
        received=ZERO,
        issued=ZERO,
        scrapped=ZERO,
        on_hand=ZERO,
        returned=ZERO,
        split_in=ZERO,
        split_out=ZERO,
        made_by=order.id,
        place=order.line,
        received_at=work.now,
        status=LotStatus.RELEASED,
        void=False,
    )


def _edge(work: Work, order: WorkOrder, lot: Lot, good: Decimal) -> Edge:
    return Edge(
        id=work.new_id(),
        site_id=work.site_id,
        parent_kind="order",
        parent_id=order.id,
        child_kind="lot",
        child_id=lot.id,
        how=How.MADE,
        quantity=good,
        unit=order.unit,
        confidence=Confidence.EXACT,
        made_at=work.now,
        void=False,
    )
