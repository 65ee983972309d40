"""漏扫、合并做了、没做、批准跳过: what is answered about an operation that pieces seem to have missed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypedDict

from domain.actions import approvals, consumption, entering, going
from domain.actions.going import Scan
from domain.errors import NotAsked, NotYetThen, NotYourOwn
from domain.models.approval import Approval, ApprovalKind
from domain.models.finding import Finding, FindingStatus
from domain.models.unit import StepResult, Unit, UnitStep
from domain.models.work_order import OperationTask, WorkOrder
from domain.permits import may, not_own, require
from domain.store import findings, orders, people, routes, units
from domain.work import Work

ZERO: Final = Decimal(0)
JUST_BEFORE: Final = timedelta(seconds=1)
REASONS: Final = {FindingStatus.MADE_UP: "漏扫", FindingStatus.MERGED: "合并做了"}


class Answered(TypedDict):
    """What an answer about a finding came to; `approval` is what it waits for (`done`: stands already)."""

    finding: str
    order: str
    operation: str
    units: list[str]
    count: int
    approval: str
    done: bool


def make_up(
    work: Work, *, number: int, merged: bool = False, at: datetime | None = None, reason: str = ""
) -> Answered:
    """Say that missed operations were done and not scanned (or done together with another one).

    They are entered as make-ups of `at` (when nothing is said: just before they were found missing), and
    the pieces go on from where they were seen. Another person approves. Raises NotFound, NotAsked,
    NotYetThen.
    """
    found = findings.lock_open(work, number=number)
    _be_asked(work, found)
    then = at or found[0].found_at - JUST_BEFORE
    if then >= found[0].found_at:
        raise NotYetThen(finding=found[0].code)
    status = FindingStatus.MERGED if merged else FindingStatus.MADE_UP
    done = approvals.may_stand(work, ApprovalKind.MAKE_UP)
    answer = _answer(work, found, done=done)
    data = {"number": number, "merged": merged, "at": then.isoformat(), "reason": reason or REASONS[status]}
    data["by"] = work.actor.person_id
    if done:
        _enter(work, data=data)
    if approvals.demanded(work, ApprovalKind.MAKE_UP):
        what = f"{answer['order']} 补录 {answer['operation']} {answer['count']} 件"
        text = f"{what}（{answer['finding']}）：{data['reason']}"
        subject = ("work_order", found[0].order_id)
        asked = approvals.ask(
            work, kind=ApprovalKind.MAKE_UP, subject=subject, text=text, data=data, done=done
        )
        answer["approval"] = asked.code
    return answer


def carry_out(work: Work, approval: Approval) -> None:
    """Enter the make-ups that were asked for; raises NotFound where it was answered otherwise since."""
    _enter(work, data=approval.data)


def _enter(work: Work, *, data: dict[str, Any]) -> None:
    status = FindingStatus.MERGED if data["merged"] else FindingStatus.MADE_UP
    step = {"at": datetime.fromisoformat(data["at"]), "made_up": True, "person_id": data["by"]}
    _settle(work, number=data["number"], status=status, reason=data["reason"], step=step)


def approve_skip(work: Work, *, number: int, reason: str) -> Answered:
    """Let pieces go on without the operations they have missed; raises NotFound, NotYourOwn."""
    require(work, "work.approve")
    found = findings.lock_open(work, number=number)
    not_own(work, person_id=found[0].seen_by, thing=found[0].code)
    if found[0].asked == work.actor.job_number:
        raise NotYourOwn(thing=found[0].code)
    answer = _answer(work, found, done=True)
    step = {"result": StepResult.SKIPPED, "at": work.now, "person_id": work.actor.person_id}
    _settle(work, number=number, status=FindingStatus.SKIPPED, reason=reason, step=step)
    return answer


def deny(work: Work, *, number: int) -> Answered:
    """Say that missed operations were not done: the pieces stay before them. Raises NotFound, NotAsked."""
    found = findings.lock_open(work, number=number)
    _be_asked(work, found)
    answer = _answer(work, found, done=False)
    for finding in found:
        finding.answered_by, finding.reason = work.actor.person_id, "没做"
    seen_by = found[0].seen_by
    seer = people.by_ids(work, [seen_by])[0].job_number if seen_by else ""
    data = {**answer, "seer": seer, "by": work.actor.name}
    work.record("finding.denied", data=data, about=[("work_order", found[0].order_id)])
    return answer


def _be_asked(work: Work, found: Sequence[Finding]) -> None:
    """Let who was asked answer, and who may make up for anything; raises NotAsked."""
    asked = found[0].asked
    if asked == work.actor.job_number or may(work.actor, "work.makeup", playbook=work.playbook):
        return
    raise NotAsked(finding=found[0].code, who=findings.called(work, job_number=asked))


def _answer(work: Work, found: Sequence[Finding], *, done: bool) -> Answered:
    order = work.session.get_one(WorkOrder, found[0].order_id)
    pieces = units.lock_all(work, {it.unit_id for it in found if it.unit_id})
    return Answered(
        finding=found[0].code,
        order=order.code,
        operation="、".join(dict.fromkeys(it.what for it in found)),
        units=[unit.code for unit in pieces.values()],
        count=len(pieces),
        approval="",
        done=done,
    )


def _settle(work: Work, *, number: int, status: FindingStatus, reason: str, step: dict[str, Any]) -> None:
    """Enter what was missed, operation by operation, and let the pieces go on from where they were seen."""
    found = findings.lock_open(work, number=number)
    order = orders.lock(work, code=work.session.get_one(WorkOrder, found[0].order_id).code)
    scan = _scan(work, order)
    pieces = units.lock_all(work, {it.unit_id for it in found if it.unit_id})
    before = len(work.happened)
    for finding in found:
        finding.move(status)
        finding.answered_by, finding.reason = step["person_id"], reason
    for sequence in sorted({it.sequence for it in found}):
        task = next(it for it in scan.tasks if it.sequence == sequence)
        here = _waiting(pieces, found, at=task)
        if here:
            going.go(work, scan, task, here=here, step=step)
        past = [it.id for it in pieces.values() if it not in here]
        if gone_on := units.steps_over(work, task_id=task.id, unit_ids=past):
            _settle_passed(work, scan, task, gone_on, pieces=pieces, step=step)
    seen = next((it for it in scan.tasks if it.sequence == found[0].seen_sequence), None)
    if seen and (here := _waiting(pieces, found, at=seen)) and scan.tracks_in(seen):
        entering.come_in(work, scan, seen, here=here, at=found[0].found_at)
    elif seen and here:
        going.go(work, scan, seen, here=here, step={"at": found[0].found_at, "person_id": found[0].seen_by})
    if len(work.happened) == before:
        _settle_alone(work, order, found)


def _settle_alone(work: Work, order: WorkOrder, found: Sequence[Finding]) -> None:
    """Record an answer that moves no piece: they were scrapped, sent back or set aside since."""
    what = "、".join(dict.fromkeys(it.what for it in found))
    data = {"order": order.code, "operation": what, "line": order.line, "units": [], "made_up": False}
    work.record("finding.settled", data={**data, "consumed": []}, about=[("work_order", order.id)])


def _settle_passed(
    work: Work,
    scan: Scan,
    task: OperationTask,
    gone_on: Sequence[UnitStep],
    *,
    pieces: Mapping[int, Unit],
    step: dict[str, Any],
) -> None:
    """Enter what pieces have missed that were let on before it was answered: they were counted there then.

    What was really done has used the loaded material; what was skipped stays a skipped step.
    """
    made = sum((Decimal(pieces[it.unit_id].pieces) for it in gone_on), ZERO)
    consumed = []
    if step.get("made_up"):
        for it in gone_on:
            it.result, it.made_up, it.at, it.person_id = (
                StepResult.PASSED,
                True,
                step["at"],
                step["person_id"],
            )
        consumed = consumption.backflush(work, order=scan.order, task=task, made=made)
    data = {
        "order": scan.order.code,
        "operation": task.name,
        "line": scan.order.line,
        "units": [pieces[it.unit_id].code for it in gone_on],
        "made_up": bool(step.get("made_up")),
        "consumed": consumed,
    }
    about = [("work_order", scan.order.id), ("operation_task", task.id)]
    work.record("finding.settled", data=data, about=about, occurred_at=step["at"])


def _scan(work: Work, order: WorkOrder) -> Scan:
    rules = {it.id: it for it in routes.operations(work, route_id=order.route_id or 0)}
    tasks = orders.tasks(work, order)
    return Scan(order=order, tasks=tasks, rules=rules, operations=(), named=None, bad=False)


def _waiting(pieces: dict[int, Unit], found: Sequence[Finding], *, at: OperationTask) -> list[Unit]:
    """Return the pieces of a finding that wait before this operation."""
    mine = {it.unit_id for it in found}
    return [it for it in pieces.values() if it.id in mine and it.waits and it.sequence == at.sequence]
