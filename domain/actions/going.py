"""Pieces move through one operation: steps are written down, pieces counted, what was missing is closed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from domain.actions import findings, production, sign_on
from domain.actions.production import Counting, Regraded
from domain.actions.sign_on import Standing
from domain.models import walk
from domain.models.finding import Finding
from domain.models.routing import Operation
from domain.models.unit import StepResult, Unit, UnitStatus, UnitStep
from domain.models.work_order import FINISHED_ORDER, OperationTask, WorkOrder
from domain.queries.people import name_of
from domain.store import findings as finding_store
from domain.store import many, units
from domain.work import Work

ZERO: Final = Decimal(0)


Seen = Mapping[int, Collection[int]]
"""Where pieces have been that may be somewhere again: unit id -> sequences."""


class Way(StrEnum):
    """What a scan means where pieces enter an operation before they pass it: in, out, or as they stand."""

    AS_IT_STANDS = "scan"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, kw_only=True)
class Left:
    """A piece that was not taken: why (a code), and what is right for it."""

    code: str
    why: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Scan:
    """A scan on its way: the order locked with its operations, and the pieces found of it."""

    order: WorkOrder
    tasks: Sequence[OperationTask]
    rules: Mapping[int, Operation]
    operations: Collection[str]
    named: OperationTask | None
    bad: bool
    way: Way = Way.OUT
    lets_on: bool = False  # pieces that have missed an operation go on, and it is asked about meanwhile
    taken: dict[int, list[Unit]] = field(default_factory=dict)
    entering: dict[int, list[Unit]] = field(default_factory=dict)
    repeated: list[Left] = field(default_factory=list)
    elsewhere: list[Left] = field(default_factory=list)
    missed: list[tuple[Unit, OperationTask, list[OperationTask]]] = field(default_factory=list)

    def wanted(self, unit: Unit) -> OperationTask | None:
        """Return the operation that this piece has come to: the one named, else where it stands."""
        if self.named is not None:
            return self.named
        here = self.at(unit)
        return here if here is not None and here.code in self.operations else None

    def at(self, unit: Unit) -> OperationTask | None:
        """Return the operation that a piece waits for or is in."""
        return next((task for task in self.tasks if task.sequence >= unit.sequence and task.counts), None)

    def optional(self, task: OperationTask) -> bool:
        """Whether the route lets pieces go without this operation."""
        rule = self.rules.get(task.operation_id or 0)
        return rule is not None and rule.optional

    def tracks_in(self, task: OperationTask) -> bool:
        """Whether the route wants pieces to enter this operation before they pass it."""
        rule = self.rules.get(task.operation_id or 0)
        return rule is not None and rule.track_in


def go(
    work: Work,
    scan: Scan,
    task: OperationTask,
    *,
    here: Sequence[Unit],
    reason: str = "",
    rest: Sequence[Sequence[str]] = (),
    step: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """Move pieces through one operation, count them and record it; `step` says more about their steps."""
    standing = sign_on.check(work, order=scan.order, task=task) if step is None else Standing()
    been = _been(work, task, here)
    seen = seen_of(work, here, task=task)
    steps = over_optional(work, scan, here, task=task, seen=seen)
    fresh, regraded = _counts(scan, task, here, seen=seen)
    steps += [_step(work, unit, task, bad=scan.bad, standing=standing, **(step or {})) for unit in here]
    _move(scan, here, task, been=been, reason=reason)
    many.insert(work, UnitStep, steps)
    _close_found(work, scan, task, here)
    more: dict[str, Any] = {
        "units": [unit.code for unit in here],
        "rest": list(rest),
        "way": scan.way.value if rest else "",
        "equipment": standing.equipment,
        **_who_did(work, step or {}),
    }
    counting = Counting(scan.order, scan.tasks, task)
    if not fresh and not any(regraded):  # another round before the operation at which they count as rework
        data = {"order": scan.order.code, "operation": task.name, "line": scan.order.line, **more}
        after = walk.next_after(scan.tasks, task, been=())
        data["next_operation"] = after.name if after else ""
        work.record(
            "unit.passed", data=data, about=[("work_order", scan.order.id), ("operation_task", task.id)]
        )
        return data
    good, rework = (ZERO, fresh) if scan.bad else (fresh, ZERO)
    reasons = {"rework": reason} if scan.bad and reason else {}
    return production.book(
        work,
        counting,
        good=good,
        rework=rework,
        regraded=regraded,
        reasons=reasons,
        occurred_at=(step or {}).get("at"),
        **more,
    )


def _who_did(work: Work, step: Mapping[str, Any]) -> dict[str, str]:
    """Name who did it, where that is not who writes it down: an approver of a make-up has done nothing."""
    person = step.get("person_id")
    return {"did": name_of(work, person)} if person and person != work.actor.person_id else {}


def _been(work: Work, task: OperationTask, here: Sequence[Unit]) -> dict[int, dict[int, tuple[int, Any]]]:
    if task.parallel is None:
        return {}
    found = units.been_through(work, unit_ids=[it.id for it in here])
    rounds = {unit.id: unit.rounds for unit in here}
    return {ref: {at: it for at, it in steps.items() if it[0] == rounds[ref]} for ref, steps in found.items()}


def _counts(scan: Scan, task: OperationTask, here: Sequence[Unit], *, seen: Seen) -> tuple[Decimal, Regraded]:
    """Return the pieces that come to this operation the first time, and those that were counted before.

    What fails owes where that is counted. A piece that has come back from its customer has been delivered:
    what becomes of it changes nothing that was counted, nor does anything in an order that is finished.
    """
    fresh = back = ZERO
    for unit in here:
        pieces, at = Decimal(unit.pieces), task.sequence
        if unit.status is UnitStatus.DONE:
            if scan.order.status not in FINISHED_ORDER:
                back -= pieces
                unit.owe(at=at)
        elif at in unit.owes:
            if not scan.bad:
                back += pieces
                unit.settle(at=at)
        elif _is_first(scan, unit, task, seen=seen):
            fresh += pieces
            if scan.bad:
                unit.owe(at=at)
    return fresh, Regraded(good=back, rework=-back)


def seen_of(work: Work, here: Sequence[Unit], *, task: OperationTask) -> Seen:
    """Return where pieces have been that may have been here; the others come wherever they come first.

    Those are in another round, or may have gone through a parallel group as part of their panel.
    """
    return units.been_at(work, unit_ids=[it.id for it in here if it.rounds or task.parallel is not None])


def _is_first(scan: Scan, unit: Unit, task: OperationTask, *, seen: Seen) -> bool:
    """Whether a piece comes to an operation for the first time, in whatever round: it counts there then.

    It does not where it has been, where it began only behind it (a board of a panel, a late number), or where
    it has been further already (an operation that came into the route since).
    """
    beside = [it.sequence for it in scan.tasks if task.parallel is not None and it.parallel == task.parallel]
    been = seen.get(unit.id, ())
    further = max((at for at in been if at not in beside), default=0)
    return task.sequence not in been and max(unit.first_sequence, further) <= task.sequence


def over_optional(
    work: Work, scan: Scan, here: Sequence[Unit], *, task: OperationTask, seen: Seen
) -> list[dict[str, Any]]:
    """Return the steps by which pieces go past operations that their route leaves open; counts them."""
    return [row for unit in here for row in _past(work, scan, unit, task=task, seen=seen)]


def _past(work: Work, scan: Scan, unit: Unit, *, task: OperationTask, seen: Seen) -> list[dict[str, Any]]:
    if unit.sequence >= task.sequence:
        return []
    past = walk.missed(scan.tasks, at=unit.sequence, seen=task)
    for it in (it for it in past if _is_first(scan, unit, it, seen=seen)):
        counting = {"good": Decimal(unit.pieces), "scrap": ZERO, "rework": ZERO}
        production.count(work, order=scan.order, tasks=scan.tasks, task=it, **counting)
    return [_step(work, unit, it, result=StepResult.SKIPPED) for it in past]


def _step(
    work: Work,
    unit: Unit,
    task: OperationTask,
    *,
    bad: bool = False,
    standing: Standing = Standing(),  # noqa: B008 (immutable)
    result: StepResult | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return the row of a piece's step; of a finished one that is found bad it is of another round."""
    return {
        "id": work.new_id(),
        "unit_id": unit.id,
        "task_id": task.id,
        "sequence": task.sequence,
        "round": unit.rounds + (unit.status is UnitStatus.DONE),
        "result": result or (StepResult.FAILED if bad else StepResult.PASSED),
        "entered_at": unit.entered_at,
        "at": work.now,
        "person_id": work.actor.person_id,
        "station": standing.station,
        "equipment": standing.equipment,
        "made_up": False,
        "void": False,
        **more,
    }


def _move(
    scan: Scan,
    here: Sequence[Unit],
    task: OperationTask,
    *,
    been: Mapping[int, Mapping[int, Any]],
    reason: str,
) -> None:
    after = walk.next_after(scan.tasks, task, been=())
    for unit in here:
        if scan.bad:
            unit.rounds += unit.status is UnitStatus.DONE
            unit.sequence = task.sequence
            unit.fail(reason=reason)
            continue
        if task.parallel is not None:
            after = walk.next_after(scan.tasks, task, been=been.get(unit.id, ()))
        unit.go_through(then=after.sequence if after else None)


def _close_found(work: Work, scan: Scan, task: OperationTask, here: Sequence[Unit]) -> None:
    """What a piece had missed and goes through now is found no more."""
    open_ones: Sequence[Finding] = finding_store.open_of_task(
        work, order_id=scan.order.id, sequence=task.sequence
    )
    mine = {unit.id for unit in here}
    for finding in open_ones:
        if finding.unit_id in mine and not scan.bad:
            findings.settle_done(work, finding)
