"""The life of a work order: draft, release, start, pause, resume, complete."""

from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from domain.errors import AlreadyThere, NoRoute, UnfinishedOrder
from domain.models.routing import Operation
from domain.models.work_order import OperationTask, OrderStatus, TaskStatus, WorkOrder, refresh_gates, started
from domain.permits import require
from domain.store import orders
from domain.work import Work


class OrderMoved(TypedDict):
    """What became of an order."""

    order: str
    product: str
    quantity: Decimal
    unit: str
    status: OrderStatus


def draft(
    work: Work,
    *,
    product: str,
    quantity: Decimal,
    code: str = "",
    due_at: datetime | None = None,
    line: str = "",
    priority: int = 5,
) -> OrderMoved:
    """Write a draft order; without a code it gets the next free number. Raises NotFound, AlreadyThere."""
    require(work, "order.draft")
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
        due_at=due_at,
        line=line,
        priority=priority,
        status=OrderStatus.DRAFT,
        reason="",
        void=False,
    )
    work.session.add(order)
    return _record(work, "order.drafted", order)


def release(work: Work, *, order: str) -> OrderMoved:
    """Release a draft: route and BOM are frozen from now on. Raises NotFound, WrongState, NoRoute."""
    require(work, "order.release")
    found = orders.lock(work, code=order)
    found.move(OrderStatus.RELEASED)
    route = orders.newest_route(work, product_id=found.product_id)
    bom = orders.newest_bom(work, product_id=found.product_id)
    if route is None or bom is None or not route[1]:
        raise NoRoute(product=orders.product_code(work, found))
    found.route_id, found.bom_id, found.released_at = route[0].id, bom.id, work.now
    tasks = [_task(work, found, operation) for operation in route[1]]
    work.session.add_all(tasks)
    refresh_gates(found, tasks)
    return _record(work, "order.released", found)


def _task(work: Work, order: WorkOrder, operation: Operation) -> OperationTask:
    return OperationTask(
        id=work.new_id(),
        order_id=order.id,
        sequence=operation.sequence,
        code=operation.code,
        name=operation.name,
        department=operation.department,
        status=TaskStatus.WAITING,
        good=Decimal(0),
        scrap=Decimal(0),
        open_rework=Decimal(0),
        void=False,
    )


def begin(work: Work, order: WorkOrder) -> None:
    """Bring a released order to running, as its first report or 开工 does; raises WrongState.

    The table has other ways to running: a paused order is resumed, a completed one reopened (privileged).
    """
    if order.status is OrderStatus.RELEASED:
        order.move(OrderStatus.READY)
    order.leave(OrderStatus.READY, to=OrderStatus.RUNNING)
    order.started_at = order.started_at or work.now


def start(work: Work, *, order: str) -> OrderMoved:
    """Start a released order."""
    require(work, "order.start")
    found = orders.lock(work, code=order)
    begin(work, found)
    return _record(work, "order.started", found)


def pause(work: Work, *, order: str, reason: str) -> OrderMoved:
    """Stop a running order for a reason."""
    require(work, "order.pause")
    found = orders.lock(work, code=order)
    found.move(OrderStatus.PAUSED)
    found.reason = reason
    return _record(work, "order.paused", found, reason=reason)


def resume(work: Work, *, order: str) -> OrderMoved:
    """Go on with a paused order."""
    require(work, "order.pause")
    found = orders.lock(work, code=order)
    found.leave(OrderStatus.PAUSED, to=OrderStatus.RUNNING)
    found.reason = ""
    return _record(work, "order.resumed", found)


def complete(work: Work, *, order: str) -> OrderMoved:
    """Finish an order whose operations have nothing left; raises UnfinishedOrder, WrongState."""
    require(work, "order.complete")
    found = orders.lock(work, code=order)
    tasks = orders.tasks(work, found)
    for task in tasks:
        left = task.remaining(started(found, tasks, task)) + task.open_rework
        if left > 0:
            raise UnfinishedOrder(order=found.code, operation=task.name, left=left)
    found.move(OrderStatus.IN_REVIEW)
    found.move(OrderStatus.COMPLETED)
    found.completed_at = work.now
    return _record(work, "order.completed", found)


def _record(work: Work, event_type: str, order: WorkOrder, **data: object) -> OrderMoved:
    moved = OrderMoved(
        order=order.code,
        product=orders.product_code(work, order),
        quantity=order.quantity,
        unit=order.unit,
        status=order.status,
    )
    work.record(event_type, data={**moved, "line": order.line, **data}, about=[("work_order", order.id)])
    return moved
