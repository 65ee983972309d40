"""完整性: gaps of the trace become tasks of the trace owner; an order does not close over them."""

from typing import Final, TypedDict

from domain.actions import approvals
from domain.errors import TraceIncomplete
from domain.models.approval import Approval, ApprovalKind
from domain.models.finding import Finding, FindingStatus
from domain.models.work_order import WorkOrder
from domain.permits import require
from domain.queries.completeness import Completeness, Demand, completeness
from domain.store import findings, orders
from domain.work import Work

SHOWN: Final = 20
REASON: Final = 200


class Waived(TypedDict):
    """What was let pass, or waits for an approval (not `done`)."""

    order: str
    count: int
    reason: str
    approval: str
    done: bool


def hand_out(work: Work, *, order: str) -> Completeness:
    """Make the gaps of an order tasks of the trace owner, each once; returns how complete it is.

    Raises NotFound.
    """
    require(work, "trace.view")
    return open_gaps(work, orders.lock(work, code=order))


def open_gaps(work: Work, order: WorkOrder) -> Completeness:
    """Open a finding for each gap that has none yet, close those that are gaps no more. Called at completing.

    Records `trace.gaps` where there are new ones.
    """
    found = completeness(work, order)
    known = {it.cause: it for it in findings.open_of_order(work, order_id=order.id) if it.unit_id is None}
    causes = {gap.cause(order.id) for gap in found.gaps}
    for cause, finding in known.items():
        if cause not in causes:
            finding.move(FindingStatus.MADE_UP)
            finding.reason = "已补齐"
    new = [gap for gap in found.gaps if gap.cause(order.id) not in known]
    if new:
        number = findings.next_number(work)
        work.session.add_all(_finding(work, order, gap, number=number) for gap in new)
    if new or any(cause not in causes for cause in known):
        _record(work, order, found, finding=f"QS-{number}" if new else "")
    return found


def _record(work: Work, order: WorkOrder, found: Completeness, *, finding: str) -> None:
    data = {
        "order": order.code,
        "finding": finding,
        "percent": found.percent,
        "count": len(found.gaps),
        "gaps": [
            {
                "operation": gap.operation,
                "what": gap.what,
                "kind": gap.kind.value,
                "missing": str(gap.missing),
            }
            for gap in found.gaps[:SHOWN]
        ],
    }
    work.record("trace.gaps", data=data, about=[("work_order", order.id)])


def _finding(work: Work, order: WorkOrder, gap: Demand, *, number: int) -> Finding:
    return Finding(
        id=work.new_id(),
        site_id=work.site_id,
        number=number,
        kind=gap.kind,
        order_id=order.id,
        sequence=gap.sequence,
        what=f"{gap.operation} {gap.what}"[:120],
        asked="",
        cause=gap.cause(order.id),
        found_at=work.now,
        status=FindingStatus.OPEN,
        reason="",
        void=False,
    )


def refuse_close(work: Work, order: WorkOrder) -> None:
    """Refuse to archive an order whose trace lacks what its level demands; raises TraceIncomplete."""
    found = completeness(work, order)
    if not found.is_complete:
        gaps = len(found.gaps) + found.open_skips
        raise TraceIncomplete(order=order.code, percent=found.percent, gaps=gaps)


def waive(work: Work, *, order: str, reason: str) -> Waived:
    """Let the gaps of an order pass, by role and reason; another person approves where the plant wants it.

    Missed operations are not let pass here: they are answered. Raises NotFound, NotPermitted.
    """
    require(work, "trace.waive")
    found = orders.lock(work, code=order)
    count = len(completeness(work, found).gaps)
    done = approvals.may_stand(work, ApprovalKind.WAIVER)
    waived = Waived(order=found.code, count=count, reason=reason[:REASON], approval="", done=done)
    if count and done:
        _let_pass(work, found, reason=reason[:REASON], by=work.actor.person_id)
    if count and approvals.demanded(work, ApprovalKind.WAIVER):
        text = f"{found.code} 放行追溯缺口 {count} 处：{reason}"
        subject, data = ("work_order", found.id), {"reason": reason[:REASON], "by": work.actor.person_id}
        asked = approvals.ask(
            work, kind=ApprovalKind.WAIVER, subject=subject, text=text, data=data, done=done
        )
        waived["approval"] = asked.code
    return waived


def carry_out(work: Work, approval: Approval) -> None:
    """Let the gaps pass that an approval was asked for."""
    order = orders.lock(work, code=work.session.get_one(WorkOrder, approval.subject_id).code)
    _let_pass(work, order, reason=approval.data["reason"], by=approval.data["by"])


def _let_pass(work: Work, order: WorkOrder, *, reason: str, by: int | None) -> None:
    gaps = completeness(work, order).gaps
    known = {it.cause: it for it in findings.open_of_order(work, order_id=order.id)}
    number = findings.next_number(work)
    for gap in gaps:
        finding = known.get(gap.cause(order.id))
        if finding is None:
            finding = _finding(work, order, gap, number=number)
            work.session.add(finding)
        finding.move(FindingStatus.WAIVED)
        finding.answered_by, finding.reason = by, reason
    data = {"order": order.code, "count": len(gaps), "reason": reason}
    work.record("trace.waived", data=data, about=[("work_order", order.id)])
