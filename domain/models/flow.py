"""How pieces flow through the operations of an order: what has arrived where, and what opens with it."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal

from domain.models.work_order import OperationTask, TaskStatus, WorkOrder

ZERO = Decimal(0)
MICRO = Decimal("0.000001")


def arrivals(order: WorkOrder, tasks: Sequence[OperationTask]) -> dict[int, Decimal]:
    """Return the pieces that arrived at each task, by sequence; the tasks come in sequence.

    Of a parallel group each takes what came before the group, and what the slowest made good comes after
    it. Merged, skipped and cancelled tasks let everything pass. Pieces that had passed a task's place
    before it was put there do not arrive at it.
    """
    return {task.sequence: _arrived(task, here) for group, here in _through(order, tasks) for task in group}


def come_to(order: WorkOrder, tasks: Sequence[OperationTask], task: OperationTask) -> Decimal:
    """Return the pieces that arrived at one of the tasks; see `arrivals`."""
    return next(_arrived(task, here) for group, here in _through(order, tasks) if task in group)


def finished(order: WorkOrder, tasks: Sequence[OperationTask]) -> Decimal:
    """Return the good pieces that have come out of the last operation; past a cancelled one none has."""
    *_, (_none, came_out) = _through(order, tasks)
    cancelled = [task.good + task.passed for task in tasks if task.status is TaskStatus.CANCELLED]
    return min([came_out, *cancelled]) if cancelled or any(task.counts for task in tasks) else ZERO


def _arrived(task: OperationTask, here: Decimal) -> Decimal:
    return max(here - task.passed, ZERO)


def _through(
    order: WorkOrder, tasks: Sequence[OperationTask]
) -> Iterator[tuple[Sequence[OperationTask], Decimal]]:
    """Yield each group of tasks with the pieces that came to it; at the end nobody, and what came out."""
    here = order.quantity
    for group in abreast(tasks):
        yield group, here
        here = min((task.good + task.passed for task in group if task.counts), default=here)
    yield (), here


def abreast(tasks: Sequence[OperationTask]) -> Iterator[list[OperationTask]]:
    """Yield the tasks in sequence, those of one parallel group together."""
    group: list[OperationTask] = []
    for task in tasks:
        if group and not (task.parallel and task.parallel == group[0].parallel):
            yield group
            group = []
        group.append(task)
    if group:
        yield group


def started(order: WorkOrder, tasks: Sequence[OperationTask], task: OperationTask) -> Decimal:
    """Return the pieces started at a task: what arrived, or more where the route allows over-production."""
    return max(come_to(order, tasks, task), task.used)


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
    all_before = True
    for group, here in _through(order, tasks):
        left = [_refresh(task, _arrived(task, here), all_before=all_before) for task in group if task.counts]
        all_before = all_before and not any(left)


def _refresh(task: OperationTask, arrived: Decimal, *, all_before: bool) -> Decimal:
    """Move a task to where its pieces are; returns how many wait there."""
    left = task.waiting(arrived)
    if task.status is TaskStatus.WAITING and arrived > ZERO:
        task.move(TaskStatus.READY)
    if task.status is TaskStatus.READY and task.used > ZERO:
        task.move(TaskStatus.RUNNING)
    if task.status is TaskStatus.RUNNING and all_before and not left:
        task.move(TaskStatus.DONE)
    if task.status is TaskStatus.DONE and left:
        task.move(TaskStatus.RUNNING)
    return left


def overdrawn(order: WorkOrder, tasks: Sequence[OperationTask]) -> OperationTask | None:
    """Return the first task that has used more pieces than it may; None when the quantities hold."""
    arrived = arrivals(order, tasks)
    return next(
        (task for task in tasks if task.counts and task.used > room(order, arrived[task.sequence])), None
    )
