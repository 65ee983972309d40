"""What the pieces made of an order have used of what was issued to it, by its bill of material."""

from collections import defaultdict
from decimal import Decimal

from domain.models.columns import rounded
from domain.models.routing import BomLine
from domain.models.work_order import TaskStatus, WorkOrder
from domain.store import loadings, orders, routes, supply
from domain.work import Work

ZERO = Decimal(0)


def unused(work: Work, order: WorkOrder, *, material_id: int) -> dict[str, Decimal]:
    """Return by operation what is left of a material (with what may stand for it) issued to an order.

    Below zero where more was made than was issued for. Operations that take none of it are not named.
    """
    lines: dict[str, list[BomLine]] = defaultdict(list)
    for line in supply.lines_of(work, order):
        if material_id in (line.material_id, *line.alternates):
            lines[line.operation].append(line)
    made = _made(work, order) if lines else {}
    return {
        operation: max(loadings.had(work, order, line) for line in its)
        - sum((rounded(made.get(operation, ZERO) * line.quantity) for line in its), ZERO)
        for operation, its in lines.items()
    }


def _made(work: Work, order: WorkOrder) -> dict[str, Decimal]:
    """Return how many pieces have taken their material at each operation; what waits for rework has too.

    Where one report covers two operations it is that of the other.
    """
    tasks = orders.tasks(work, order)
    used = {task.code: task.used for task in tasks}
    rules = {it.id: it for it in routes.operations(work, route_id=order.route_id or 0)}
    for task in tasks:
        rule = rules.get(task.operation_id or 0)
        if task.status is TaskStatus.MERGED and rule is not None:
            used[task.code] = used.get(rule.merged_into, ZERO)
    return used
