"""How pieces flow through the operations of an order: what has arrived where, and what opens with it."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import groupby

from domain.models.work_order import OperationTask, TaskStatus, WorkOrder

ZERO = Decimal(0)
MICRO = Decimal("0.000001")


def arrivals(order: WorkOrder, tasks: Sequence[OperationTask]) -> dict[int, Decimal]:
    """Return the pieces that arrived at each task, by sequence; the tasks come in sequence.

    Of a parallel group each takes what came before the group, and what the slowest made good comes after
    it. Merged, skipped and cancelled tasks let everything pass. Pieces that had passed a task's place
    before it was put there do not arrive at it.
    """
    return _through(order, tasks)[0]


def finished(order: WorkOrder, tasks: Sequence[OperationTask]) -> Decimal:
    """Return the good pieces that have come out of the last operation."""
    return _through(order, tasks)[1] if any(task.counts for task in tasks) else ZERO


def _through(order: WorkOrder, tasks: Sequence[OperationTask]) -> tuple[dict[int, Decimal], Decimal]:
    here, found = order.quantity, dict[int, Decimal]()
    for group in abreast(tasks):
        found |= {task.sequence: max(here - task.passed, ZERO) for task in group}
        here = min((task.good + task.passed for task in group if task.counts), default=here)
    return found, here


def abreast(tasks: Sequence[OperationTask]) -> Iterator[list[OperationTask]]:
    """Yield the tasks in sequence, those of one parallel group together."""
    for _, group in groupby(tasks, key=lambda task: (task.parallel, 0 if task.parallel else task.sequence)):
        yield list(group)


def started(order: WorkOrder, tasks: Sequence[OperationTask], task: OperationTask) -> Decimal:
    """Return the pieces started at a task: what arrived, or more where the route allows over-production."""
    return max(arrivals(order, tasks)[task.sequence], task.used)


def room(order: WorkOrder, arrived: Decimal) -> Decimal:
    """Return how many pieces a task may use up of what arrived: whole pieces where whole ones arrive."""
    most = arrived * (1 + order.over_allowance)
    step = Decimal(1) if arrived == arrived.to_integral_value() else MICRO
    return max(most.quantize(step, rounding=ROUND_FLOOR), arrived)


def unfinished(order: WorkOrder, tasks: Sequence[OperationTask]) -> list[OperationTask]:
    """Return the tasks at which pieces wait: fresh ones, or for rework."""
    arrived = arrivals(order, tasks)
    return [task for task in tasks if task.counts and task.waiting(arrived[task.sequence]) > ZERO]


def refresh_gates(order: WorkOrder, tasks: Sequence[OperationTask]) -> None:
    """Open what has pieces to work on, and finish what has none left; gates open by quantity."""
    arrived, all_before = arrivals(order, tasks), True
    for group in abreast(tasks):
        members = [task for task in group if task.counts]
        for task in members:
            _refresh(task, arrived[task.sequence], all_before=all_before)
        all_before = all_before and not any(task.waiting(arrived[task.sequence]) for task in members)


def _refresh(task: OperationTask, arrived: Decimal, *, all_before: bool) -> None:
    left = task.waiting(arrived)
    if task.status is TaskStatus.WAITING and arrived > ZERO:
        task.move(TaskStatus.READY)
    if task.status is TaskStatus.READY and task.used > ZERO:
        task.move(TaskStatus.RUNNING)
    if task.status is TaskStatus.RUNNING and all_before and not left:
        task.move(TaskStatus.DONE)
    if task.status is TaskStatus.DONE and left:
        task.move(TaskStatus.RUNNING)


def overdrawn(order: WorkOrder, tasks: Sequence[OperationTask]) -> OperationTask | None:
    """Return the first task that has used more pieces than it may; None when the quantities hold."""
    arrived = arrivals(order, tasks)
    return next(
        (task for task in tasks if task.counts and task.used > room(order, arrived[task.sequence])), None
    )
