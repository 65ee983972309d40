"""Release of a draft: route, bill of material, trace levels and allowance are frozen from then on."""

from collections.abc import Sequence
from decimal import Decimal

from domain.actions.orders import OrderMoved, record_move
from domain.actions.versions import next_bom
from domain.errors import NoRoute
from domain.models.flow import refresh_gates
from domain.models.material import Material
from domain.models.routing import Operation
from domain.models.work_order import OperationTask, OrderKind, OrderStatus, TaskStatus, WorkOrder
from domain.permits import require
from domain.store import orders
from domain.work import Work

ZERO = Decimal(0)


def release(work: Work, *, order: str) -> OrderMoved:
    """Release a draft: what it is made by is frozen. Raises NotFound, WrongState, NoRoute."""
    require(work, "order.release")
    found = orders.lock(work, code=order)
    found.move(OrderStatus.RELEASED)
    freeze(work, found)
    return record_move(work, "order.released", found)


def freeze(work: Work, order: WorkOrder, *, since: str = "") -> None:
    """Give an order its route from the operation `since` (a code) on, its BOM and levels; raises NoRoute.

    A rework order takes no material by itself: what comes in are the pieces of the order before it.
    """
    route = orders.newest_route(work, product_id=order.product_id)
    bom = orders.newest_bom(work, product_id=order.product_id)
    if route is None or bom is None or not route[1]:
        raise NoRoute(product=orders.product_code(work, order))
    product = work.session.get_one(Material, order.product_id)
    order.route_id, order.released_at = route[0].id, work.now
    if order.kind is OrderKind.REWORK:
        bom = next_bom(work, product_id=order.product_id, lines=(), order=order)
    order.bom_id = bom.id
    order.over_allowance = ZERO if order.kind is OrderKind.REWORK else route[0].over_allowance
    order.trace_material, order.trace_process = product.trace_material, product.trace_process
    tasks = [new_task(work, order, operation) for operation in _since(route[1], since)]
    work.session.add_all(tasks)
    refresh_gates(order, tasks)


def _since(route: Sequence[Operation], code: str) -> Sequence[Operation]:
    first = next((operation.sequence for operation in route if operation.code == code), 0)
    return [operation for operation in route if operation.sequence >= first]


def new_task(work: Work, order: WorkOrder, operation: Operation) -> OperationTask:
    """Return the task of one operation of the frozen route; what another's report covers is merged."""
    return OperationTask(
        id=work.new_id(),
        order_id=order.id,
        sequence=operation.sequence,
        code=operation.code,
        name=operation.name,
        department=operation.department,
        operation_id=operation.id,
        parallel=operation.parallel,
        status=TaskStatus.MERGED if operation.merged_into else TaskStatus.WAITING,
        good=ZERO,
        scrap=ZERO,
        open_rework=ZERO,
        outside=ZERO,
        passed=ZERO,
        void=False,
    )
