"""What the floor reports: good, scrap and rework of one operation."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict

from domain.actions import andons
from domain.actions.orders import begin
from domain.errors import NotFound
from domain.models.columns import tidy
from domain.models.work_order import OperationTask, OrderStatus, TaskStatus, WorkOrder, refresh_gates, started
from domain.permits import require
from domain.store import events, orders
from domain.work import Work

ZERO = Decimal(0)
QUALITY = "品质"  # the word by which a playbook has its andon kind for bad product, if it has one


class Reported(TypedDict):
    """What a report came to: this report, the operation's totals, and what is left to report."""

    order: str
    operation: str
    good: Decimal
    scrap: Decimal
    rework: Decimal
    total_good: Decimal
    total_scrap: Decimal
    open_rework: Decimal
    left: Decimal
    unit: str
    next_operation: str
    all_done: bool


def report(
    work: Work, *, order: str, operation: str, good: Decimal, scrap: Decimal = ZERO, rework: Decimal = ZERO
) -> Reported:
    """Report pieces of one operation; the first report starts the order.

    Quantities are in the order's unit. Raises NotFound, CannotReport, NothingToReport, OverReport.
    """
    require(work, "work.report")
    found = orders.lock(work, code=order)
    tasks = orders.tasks(work, found)
    task = _task_named(found, tasks, operation)
    if found.status in (OrderStatus.RELEASED, OrderStatus.READY):
        begin(work, found)
    found.take_reports()
    arrived = started(found, tasks, task)
    task.report(order=found.code, started=arrived, good=good, scrap=scrap, rework=rework)
    task.first_report_at = task.first_report_at or work.now
    refresh_gates(found, tasks)
    reported = _reported(found, tasks, task, good=good, scrap=scrap, rework=rework)
    work.record(
        "work.reported",
        data={**reported, "line": found.line, "department": task.department},
        about=[("work_order", found.id), ("operation_task", task.id)],
    )
    _watch_scrap(work, found, task)
    if rework:
        _watch_rework(work, found, task)
    return reported


def _task_named(order: WorkOrder, tasks: Sequence[OperationTask], operation: str) -> OperationTask:
    for task in tasks:
        if operation in (task.name, task.code):
            return task
    raise NotFound(kind="operation", code_text=f"{order.code} {operation}")


def _reported(
    order: WorkOrder,
    tasks: Sequence[OperationTask],
    task: OperationTask,
    *,
    good: Decimal,
    scrap: Decimal,
    rework: Decimal,
) -> Reported:
    return Reported(
        order=order.code,
        operation=task.name,
        good=good,
        scrap=scrap,
        rework=rework,
        total_good=task.good,
        total_scrap=task.scrap,
        open_rework=task.open_rework,
        left=task.remaining(started(order, tasks, task)),
        unit=order.unit,
        next_operation=next((t.name for t in tasks if t.sequence > task.sequence), ""),
        all_done=all(one.status is TaskStatus.DONE for one in tasks),
    )


def _watch_scrap(work: Work, order: WorkOrder, task: OperationTask) -> None:
    limits = work.playbook.limits
    made = task.good + task.scrap
    if made >= limits.scrap_from and task.scrap > limits.scrap_rate * made:
        said = f"报废 {task.scrap} / {made}，超过 {limits.scrap_rate:.0%}"
        _call_quality(work, order, task, cause="scrap", said=said)


def _watch_rework(work: Work, order: WorkOrder, task: OperationTask) -> None:
    """Compare all the rework that was ever reported of it with the pieces it had in hand."""
    limits = work.playbook.limits
    made = task.good + task.scrap + task.open_rework
    if made < limits.scrap_from:
        return
    rework = sum((Decimal(it["rework"]) for it in events.living_data(work, task=task.id)), ZERO)
    if rework > limits.rework_rate * made:
        said = f"返工 {tidy(rework)} / {made}，超过 {limits.rework_rate:.0%}"
        _call_quality(work, order, task, cause="rework", said=said)


def _call_quality(work: Work, order: WorkOrder, task: OperationTask, *, cause: str, said: str) -> None:
    kind = work.playbook.andon_kinds_by_word.get(QUALITY)
    if kind is None:
        return
    andons.raise_by_rule(
        work,
        kind=kind.code,
        cause=f"{cause}:{order.id}:{task.sequence}",
        text=f"{order.code} {task.name} {said}",
        place=order.line,
        order_id=order.id,
    )
