"""What the trace lacks is found at once: who most likely knows is asked, and nothing is forgotten."""

from collections.abc import Sequence

from domain.actions.sign_on import stations_for
from domain.models.finding import Finding, FindingKind, FindingStatus
from domain.models.unit import Unit
from domain.models.work_order import OperationTask, WorkOrder
from domain.store import findings
from domain.work import Work

Missed = tuple[Unit, OperationTask, list[OperationTask]]
"""A piece, the operation at which it was seen, and those it has not been through."""


def open_skips(work: Work, *, order: WorkOrder, missed: Sequence[Missed]) -> None:
    """Open a finding for pieces that were seen at an operation without those before it, each found once.

    Pieces that lack the same operations have one number. Records `finding.opened` for each number.
    """
    known = {it.cause for it in findings.open_of_order(work, order_id=order.id)}
    alike: dict[tuple[int, ...], list[Missed]] = {}
    for unit, seen, away in missed:
        if skipped_cause(order, away[0].sequence, unit) not in known:
            alike.setdefault((seen.sequence, *(it.sequence for it in away)), []).append((unit, seen, away))
    for them in alike.values():
        _open(work, order, them)


def skipped_cause(order: WorkOrder, sequence: int, unit: Unit) -> str:
    """Return what makes a skipped operation of a piece one finding however often it is seen."""
    return f"{order.id}:{FindingKind.SKIPPED_STEP}:{sequence}:{unit.id}"


def _open(work: Work, order: WorkOrder, them: Sequence[Missed]) -> None:
    _unit, seen, away = them[0]
    number, asked = findings.next_number(work), likely(work, order=order, task=away[0])
    for unit, _seen, _away in them:
        work.session.add_all(
            _finding(work, order, unit, task, number=number, seen=seen, asked=asked) for task in away
        )
    data = {
        "finding": f"QS-{number}",
        "order": order.code,
        "operation": "、".join(task.name for task in away),
        "seen": seen.name,
        "units": [unit.code for unit, _seen, _away in them],
        "count": len(them),
        "asked": asked,
        "asked_name": findings.called(work, job_number=asked),
        "seen_by": work.actor.name,
        "line": order.line,
    }
    work.record("finding.opened", data=data, about=[("work_order", order.id)])


def _finding(
    work: Work,
    order: WorkOrder,
    unit: Unit,
    task: OperationTask,
    *,
    number: int,
    seen: OperationTask,
    asked: str,
) -> Finding:
    return Finding(
        id=work.new_id(),
        site_id=work.site_id,
        number=number,
        kind=FindingKind.SKIPPED_STEP,
        order_id=order.id,
        sequence=task.sequence,
        unit_id=unit.id,
        what=task.name,
        asked=asked,
        seen_sequence=seen.sequence,
        seen_by=work.actor.person_id,
        cause=skipped_cause(order, task.sequence, unit),
        found_at=work.now,
        status=FindingStatus.OPEN,
        reason="",
        void=False,
    )


def likely(work: Work, *, order: WorkOrder, task: OperationTask) -> str:
    """Return the job number of who most likely knows of an operation of an order.

    Who is (or was last) signed on there, else who reported it last, else the leader of its department.
    """
    places = [it.code for it in stations_for(work, operation=task.code, line=order.line)]
    there = findings.last_there(work, operation=task.code, stations=places)
    if found := there or findings.last_reporter(work, task_id=task.id, operation=task.name):
        return found
    return work.playbook.department(task.department).leader_or_head


def settle_done(work: Work, finding: Finding) -> None:
    """Close what was missing and has now been done after all; the caller's event owns it."""
    finding.move(FindingStatus.MADE_UP)
    finding.answered_by = work.actor.person_id
    finding.reason = "现在做了"
