"""子单 and 返工单: orders that are made for another order, or of what it has made."""

from decimal import Decimal

from domain.actions.orders import OrderMoved, new_order, record_move
from domain.actions.release import freeze
from domain.errors import NoChild, NotSoManyMade
from domain.models.genealogy import How
from domain.models.work_order import OrderKind, OrderStatus, WorkOrder
from domain.permits import require
from domain.queries import loose
from domain.store import edges, families, lots, orders
from domain.store.families import SelfMade
from domain.work import Work

ZERO = Decimal(0)


def draft_children(
    work: Work, *, order: str, product: str = "", quantity: Decimal | None = None
) -> list[OrderMoved]:
    """Draft an order for each part of an order that is made here (or for one, of another quantity).

    Without a quantity it is what the order takes of it, less what its child orders make already. They are
    wanted when the parent is begun. Raises NotFound, NoChild.
    """
    require(work, "order.draft")
    parent = orders.lock(work, code=order)
    wanted = [it for it in families.self_made(work, parent) if product in ("", it.product)]
    short = [it for it in wanted if quantity is not None or it.missing > ZERO]
    if not short or parent.status in (OrderStatus.COMPLETED, OrderStatus.CLOSED, OrderStatus.CANCELLED):
        raise NoChild(order=parent.code)
    return [_child(work, parent, it, quantity=quantity or it.missing) for it in short]


def _child(work: Work, parent: WorkOrder, made: SelfMade, *, quantity: Decimal) -> OrderMoved:
    child = new_order(
        work,
        product=made.product,
        quantity=quantity,
        due_at=parent.due_at,
        line=parent.line,
        priority=parent.priority,
        customer=parent.customer,
        customer_order=parent.customer_order,
    )
    child.parent_id = parent.id
    moved = record_move(work, "order.drafted", child, about=[("work_order", parent.id)], parent=parent.code)
    work.session.flush()  # the next child's number is after this one's
    return moved


def open_rework(work: Work, *, order: str, quantity: Decimal, operation: str = "") -> OrderMoved:
    """Release an order that takes good pieces of another through its route again, from an operation on.

    It takes no material by itself: the pieces come in. Raises NotFound, NotSoManyMade, NoRoute.
    """
    require(work, "order.rework")
    before = orders.lock(work, code=order)
    _refuse_more(work, before, quantity)
    again = new_order(
        work,
        product=orders.product_code(work, before),
        quantity=quantity,
        line=before.line,
        due_at=before.due_at,
        priority=before.priority,
        kind=OrderKind.REWORK,
        customer=before.customer,
        customer_order=before.customer_order,
    )
    again.rework_of, again.parent_id = before.id, before.parent_id
    about = [("work_order", before.id)]
    record_move(work, "order.drafted", again, about=about, rework_of=before.code)
    again.move(OrderStatus.RELEASED)
    freeze(work, again, since=work.playbook.operation(operation).code if operation else "")
    _take_in(work, before, again)
    return record_move(work, "order.released", again, about=about, rework_of=before.code)


def _refuse_more(work: Work, before: WorkOrder, quantity: Decimal) -> None:
    """Refuse to take more than an order has and nobody has packed; raises NotSoManyMade."""
    its = loose.of(work, before)
    if quantity <= ZERO or quantity > its.to_rework:
        raise NotSoManyMade(
            order=before.code, there=its.to_rework, asked=quantity, packed=its.away, taken=its.taken
        )


def give_back(work: Work, again: WorkOrder) -> None:
    """Let what a rework order has not done with go back to where it came from; it is locked and cancelled."""
    if again.rework_of is None:
        return
    work.session.flush()  # its tasks are cancelled, and read afresh
    left = again.quantity - loose.done_with(work, again)
    for edge in edges.reworked(work, again) if left > ZERO else ():
        edge.quantity -= left
        edge.ended_at = work.now if edge.quantity == ZERO else None
        if edge.parent_kind == "lot":
            lots.lock_ids(work, {edge.parent_id})[edge.parent_id].take_back(left)


def _take_in(work: Work, before: WorkOrder, again: WorkOrder) -> None:
    """The pieces go from their order into this one; out of the lot that they had become, if they had."""
    lot = orders.lot_made(work, before)
    if lot is not None:
        lot.issue(again.quantity, at=work.now)
    work.session.add(
        edges.new(
            work,
            How.CONSUMED,
            parent=("lot", lot.id) if lot else ("order", before.id),
            child=("order", again.id),
            quantity=again.quantity,
            unit=again.unit,
        )
    )
