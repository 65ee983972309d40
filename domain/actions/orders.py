"""The life of a work order while it is made: draft, ready, start, pause, resume."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from domain.errors import AlreadyThere, WaitsForChild
from domain.models.work_order import OperationTask, OrderKind, OrderStatus, TaskStatus, WorkOrder
from domain.permits import require
from domain.store import orders, routes
from domain.work import Work


class OrderMoved(TypedDict):
    """What became of an order."""

    order: str
    product: str
    quantity: Decimal
    unit: str
    status: OrderStatus


class Wanted(TypedDict, total=False):
    """What else is said of an order when it is drafted."""

    due_at: datetime | None
    line: str
    priority: int
    kind: OrderKind
    customer: str
    customer_order: str


def draft(
    work: Work, *, product: str, quantity: Decimal, code: str = "", **wanted: Unpack[Wanted]
) -> OrderMoved:
    """Write a draft order; without a code it gets the next free number. Raises NotFound, AlreadyThere."""
    require(work, "order.draft")
    order = new_order(work, product=product, quantity=quantity, code=code, **wanted)
    return record_move(work, "order.drafted", order)


def new_order(
    work: Work, *, product: str, quantity: Decimal, code: str = "", **wanted: Unpack[Wanted]
) -> WorkOrder:
    """Add a draft order, whose event the caller writes; raises NotFound, AlreadyThere."""
    material = orders.material(work, code=product)
    code = code or orders.next_code(work, prefix=work.playbook.codes.order)
    if orders.find(work, code=code) is not None:
        raise AlreadyThere(kind="order", code_text=code)
    order = WorkOrder(
        id=work.new_id(),
        site_id=work.site_id,
        code=code,
        product_id=material.id,
        quantity=quantity,
        unit=material.unit,
        status=OrderStatus.DRAFT,
        reason="",
        void=False,
    )
    order.due_at, order.priority = wanted.get("due_at"), wanted.get("priority", 5)
    order.line, order.kind = wanted.get("line", ""), wanted.get("kind", OrderKind.NORMAL)
    order.customer, order.customer_order = wanted.get("customer", ""), wanted.get("customer_order", "")
    order.over_allowance = Decimal(0)
    work.session.add(order)
    return order


def begin(work: Work, order: WorkOrder) -> None:
    """Bring a released order to running, as its first report or 开工 does; raises WrongState.

    The table has other ways to running: a paused order is resumed, a completed one reopened (privileged).
    """
    if order.status is OrderStatus.RELEASED:
        order.move(OrderStatus.READY)
    order.leave(OrderStatus.READY, to=OrderStatus.RUNNING)
    order.started_at = order.started_at or work.now


def make_ready(work: Work, *, order: str) -> OrderMoved:
    """Say that a released order may begin: all it takes is there; raises WrongState, WaitsForChild."""
    require(work, "order.start")
    found = orders.lock(work, code=order)
    found.leave(OrderStatus.RELEASED, to=OrderStatus.READY)
    _can_begin(work, found)
    return record_move(work, "order.ready", found)


def start(work: Work, *, order: str) -> OrderMoved:
    """Start a released order; raises WrongState, WaitsForChild."""
    require(work, "order.start")
    found = orders.lock(work, code=order)
    begin(work, found)
    _can_begin(work, found)
    return record_move(work, "order.started", found)


def _can_begin(work: Work, order: WorkOrder) -> None:
    """Refuse an order of which no operation can begin; the first that is open says why."""
    opened = [task for task in orders.tasks(work, order) if task.status is TaskStatus.READY]
    waiting = [it for task in opened if (it := _unmade(work, order, task))]
    if opened and len(waiting) == len(opened):
        raise waiting[0]


def refuse_unmade(work: Work, order: WorkOrder, *, operation: OperationTask) -> None:
    """Refuse an operation that takes what a child order has not made yet; raises WaitsForChild."""
    if waits := _unmade(work, order, operation):
        raise waits


def _unmade(work: Work, order: WorkOrder, task: OperationTask) -> WaitsForChild | None:
    child = routes.unmade_child(work, order, operation=task.code)
    if child is None:
        return None
    code, product, status = child
    return WaitsForChild(
        order=order.code, operation=task.name, child=code, product=product, status=f"work_order:{status}"
    )


def pause(work: Work, *, order: str, reason: str) -> OrderMoved:
    """Stop a running order for a reason."""
    require(work, "order.pause")
    found = orders.lock(work, code=order)
    found.leave(OrderStatus.RUNNING, to=OrderStatus.PAUSED)
    found.reason = reason
    return record_move(work, "order.paused", found, reason=reason)


def resume(work: Work, *, order: str) -> OrderMoved:
    """Go on with a paused order."""
    require(work, "order.pause")
    found = orders.lock(work, code=order)
    found.leave(OrderStatus.PAUSED, to=OrderStatus.RUNNING)
    found.reason = ""
    return record_move(work, "order.resumed", found)


def record_move(
    work: Work, event_type: str, order: WorkOrder, *, about: Sequence[tuple[str, int]] = (), **data: object
) -> OrderMoved:
    """Write the event of a move; `about` are further subjects, `data` further facts."""
    moved = OrderMoved(
        order=order.code,
        product=orders.product_code(work, order),
        quantity=order.quantity,
        unit=order.unit,
        status=order.status,
    )
    facts = {**moved, "line": order.line, **data}
    if order.kind is not OrderKind.NORMAL:
        facts["kind"] = order.kind.value
    work.record(event_type, data=facts, about=[("work_order", order.id), *about])
    return moved
