"""What the floor reports: good, scrap and rework of one operation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, NotRequired, TypedDict

from domain.actions import andons, approvals, consumption, sign_on
from domain.actions.orders import begin, refuse_unmade
from domain.actions.reasons import demand
from domain.errors import CannotReport, DoneOutside, MergedInto, NotFound, TooEarly
from domain.models.approval import ApprovalKind
from domain.models.columns import tidy
from domain.models.flow import come_to, refresh_gates, room, unfinished
from domain.models.work_order import OperationTask, OrderStatus, TaskStatus, WorkOrder
from domain.permits import require
from domain.queries.holds import refuse_held
from domain.store import events, loadings, orders, routes
from domain.work import Work

ZERO = Decimal(0)
QUALITY = "品质"  # the word by which a playbook has its andon kind for bad product, if it has one


class Reported(TypedDict):
    """What a report came to: this report, the operation's totals, and what is left to report.

    `consumed` is what it took of the lots that are loaded (`consumption.backflush`), if anything; `unfed` are
    the materials that should be loaded for it and are in no slot.
    """

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
    consumed: NotRequired[list[dict[str, Any]]]
    unfed: NotRequired[Sequence[str]]


def report(
    work: Work,
    *,
    order: str,
    operation: str,
    good: Decimal,
    scrap: Decimal = ZERO,
    rework: Decimal = ZERO,
    reasons: Mapping[str, str] | None = None,
) -> Reported:
    """Report pieces of one operation; the first report starts the order.

    Quantities are in the order's unit; `reasons` are codes by what they are for (scrap, rework). Raises
    NotFound, CannotReport, NothingToReport, OverReport, TooEarly, MergedInto, DoneOutside, Held, and what
    may not be done there, by this person, with these lots.
    """
    require(work, "work.report")
    found = orders.lock(work, code=order)
    tasks = orders.tasks(work, found)
    task = task_named(found, tasks, operation)
    asked = routes.demands(work, task)
    if asked.outsourced_to:
        raise DoneOutside(order=found.code, operation=task.name, supplier=asked.outsourced_to)
    refuse_held(work, kind="order", ref=found.id, code=found.code)
    standing = sign_on.check(work, order=found, task=task, asked=asked)
    said = reasons or {}
    demand(work, order=found.code, operation=task.name, given=said, scrap=scrap, rework=rework)
    reported = book(
        work,
        Counting(found, tasks, task),
        good=good,
        scrap=scrap,
        rework=rework,
        reasons=said,
        equipment=standing.equipment,
    )
    if standing.loading:
        reported["unfed"] = loadings.unfed(work, found, operation=task.code)
    return reported


class Counting(NamedTuple):
    """An order locked with its tasks in sequence, and the one that is counted."""

    order: WorkOrder
    tasks: Sequence[OperationTask]
    task: OperationTask


class Regraded(NamedTuple):
    """Pieces that were reported before and are something else now; the three add up to none."""

    good: Decimal = ZERO
    scrap: Decimal = ZERO
    rework: Decimal = ZERO


def book(
    work: Work,
    of: Counting,
    *,
    good: Decimal = ZERO,
    scrap: Decimal = ZERO,
    rework: Decimal = ZERO,
    regraded: Regraded = Regraded(),  # noqa: B008 (immutable)
    reasons: Mapping[str, str],
    occurred_at: datetime | None = None,
    **more: object,
) -> Reported:
    """Count pieces, take what they have used of the loaded lots, and write it down."""
    found, tasks, task = of
    if any((good, scrap, rework)) or not any(regraded):
        arrived = count(work, order=found, tasks=tasks, task=task, good=good, scrap=scrap, rework=rework)
    else:
        arrived = come_to(found, tasks, task)
    if any(regraded):
        found.take_reports()
        task.regrade(order=found.code, **regraded._asdict())
        refresh_gates(found, tasks)
    good, scrap, rework = good + regraded.good, scrap + regraded.scrap, rework + max(regraded.rework, ZERO)
    consumed = consumption.backflush(work, order=found, task=task, made=good + scrap)
    left = task.remaining(arrived)
    reported = _reported(found, tasks, task, good=good, scrap=scrap, rework=rework, left=left)
    more |= {"reasons": dict(reasons), "consumed": consumed}
    work.record(
        "work.reported",
        data={**reported, "line": found.line, "department": task.department, **_said(more)},
        about=[("work_order", found.id), ("operation_task", task.id)],
        occurred_at=occurred_at,
    )
    if consumed:
        reported["consumed"] = consumed
    if scrap:
        _second_eyes(work, of, scrap=scrap)
    _watch_scrap(work, found, task)
    if rework:
        _watch_rework(work, found, task)
    return reported


def _said(more: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in more.items() if value}


def _second_eyes(work: Work, of: Counting, *, scrap: Decimal) -> None:
    """Have so much scrap approved by another, where the plant wants that; it stands meanwhile."""
    if approvals.demanded(work, ApprovalKind.SCRAP, amount=scrap):
        subject = ("operation_task", of.task.id)
        said = f"{of.order.code} {of.task.name} 报废 {tidy(scrap)} {of.order.unit}"
        approvals.ask(work, kind=ApprovalKind.SCRAP, subject=subject, text=said)


def count(
    work: Work,
    *,
    order: WorkOrder,
    tasks: Sequence[OperationTask],
    task: OperationTask,
    good: Decimal,
    scrap: Decimal,
    rework: Decimal,
) -> Decimal:
    """Add pieces of one operation, and open and finish what follows from them; the caller writes the event.

    Returns how many had come to it. A released order is running from then on. Raises what `arrived_at`
    raises, NothingToReport, OverReport.
    """
    arrived = arrived_at(work, order=order, tasks=tasks, task=task)
    most = room(order, arrived)
    task.report(order=order.code, arrived=arrived, room=most, good=good, scrap=scrap, rework=rework)
    if task.first_report_at is None:
        task.first_report_at = work.now
    refresh_gates(order, tasks)
    return arrived


def arrived_at(
    work: Work, *, order: WorkOrder, tasks: Sequence[OperationTask], task: OperationTask
) -> Decimal:
    """Return how many pieces there are for an operation; a released order is running from then on.

    Raises CannotReport, TooEarly, MergedInto, WaitsForChild where it cannot begin.
    """
    if order.status in (OrderStatus.RELEASED, OrderStatus.READY):
        begin(work, order)
    order.take_reports()
    refuse_turn(work, order, task)
    arrived = come_to(order, tasks, task)
    if arrived == ZERO and task.open_rework == ZERO:
        raise TooEarly(order=order.code, operation=task.name, before=_holding(order, tasks, task))
    return arrived


def refuse_turn(work: Work, order: WorkOrder, task: OperationTask) -> None:
    """Refuse what is not reported by itself: what another covers, what is skipped, or waits."""
    if task.status is TaskStatus.MERGED:
        raise MergedInto(order=order.code, operation=task.name, into=routes.merged_into(work, task))
    if not task.counts or task.status is TaskStatus.PAUSED:
        raise CannotReport(thing=f"{order.code} {task.name}", status=task.standing)
    refuse_unmade(work, order, operation=task)


def _holding(order: WorkOrder, tasks: Sequence[OperationTask], task: OperationTask) -> str:
    """Name the operations before this one at which the pieces are; of a parallel group all."""
    before = [it for it in unfinished(order, tasks) if it.sequence < task.sequence]
    last = before[-1] if before else task
    beside = [it.name for it in before if it is last or (last.parallel and it.parallel == last.parallel)]
    return "、".join(beside) or task.name


def task_named(order: WorkOrder, tasks: Sequence[OperationTask], operation: str) -> OperationTask:
    """Return the task people call by name or code; raises NotFound."""
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
    left: Decimal,
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
        left=left,
        unit=order.unit,
        next_operation=next((t.name for t in tasks if t.counts and t.sequence > task.sequence), ""),
        all_done=all(one.status is TaskStatus.DONE for one in tasks if one.counts),
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
