"""进站: pieces come into an operation whose route wants to know how long they are in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.actions import production, sign_on
from domain.actions.going import Scan, over_optional, seen_of
from domain.actions.sign_on import Standing
from domain.models.unit import Unit, UnitStep
from domain.models.work_order import OperationTask, TaskStatus
from domain.store import many
from domain.work import Work


def come_in(
    work: Work,
    scan: Scan,
    task: OperationTask,
    *,
    here: Sequence[Unit],
    rest: Sequence[Sequence[str]] = (),
    at: datetime | None = None,
) -> Mapping[str, Any]:
    """Let pieces into one operation and record it; `at` is when, where it is said later than it was.

    Nothing is counted before they pass. Raises what stops the operation itself (see `arrived_at`).
    """
    standing = sign_on.check(work, order=scan.order, task=task) if at is None else Standing()
    production.arrived_at(work, order=scan.order, tasks=scan.tasks, task=task)
    steps = over_optional(work, scan, here, task=task, seen=seen_of(work, here, task=task))
    many.insert(work, UnitStep, steps)
    for unit in here:
        unit.enter(sequence=task.sequence, at=at or work.now)
    if task.status is TaskStatus.READY:
        task.move(TaskStatus.RUNNING)
    data = {
        "order": scan.order.code,
        "operation": task.name,
        "line": scan.order.line,
        "units": [unit.code for unit in here],
        "equipment": standing.equipment,
        "rest": list(rest),
        "way": scan.way.value,
    }
    about = [("work_order", scan.order.id), ("operation_task", task.id)]
    work.record("unit.entered", data=data, about=about, occurred_at=at)
    return data
