"""A second pair of eyes decides: approved, what has waited is carried out; refused, it is not."""

from collections.abc import Callable
from typing import Final, TypedDict

from domain.actions import approvals as asking
from domain.actions import completeness, making_up, skipping, timers
from domain.errors import Stale
from domain.models.approval import Approval, ApprovalKind, ApprovalStatus
from domain.permits import not_own, require
from domain.queries import approvals as waiting
from domain.store import approvals
from domain.work import Work

Carry = Callable[[Work, Approval], None]
CARRY_OUT: Final[dict[tuple[ApprovalKind, str], Carry]] = {
    (ApprovalKind.WAIVER, "timer"): timers.carry_out,
    (ApprovalKind.WAIVER, "work_order"): completeness.carry_out,
    (ApprovalKind.MAKE_UP, "work_order"): making_up.carry_out,
    (ApprovalKind.SKIP, "operation_task"): skipping.carry_out,
}
"""What has waited for an approval, by kind and subject; it records its own events, as the approver's act."""


class Decided(TypedDict):
    """What was decided; `done`: the act stood before it was asked."""

    approval: str
    kind: ApprovalKind
    status: ApprovalStatus
    text: str
    done: bool


def approve(work: Work, *, number: int, note: str = "", pressed: bool = False) -> Decided:
    """Approve what somebody else did or asks for; what has waited happens now.

    `pressed`: by a button, which is stale once it is decided. Raises NotFound, NotYourOwn, WrongState, Stale,
    and whatever the act itself may be refused with.
    """
    approval = _locked(work, number, pressed=pressed)
    decided = _decide(work, approval, ApprovalStatus.APPROVED, note=note)
    carry = CARRY_OUT.get((approval.kind, approval.subject_kind))
    if carry and not approval.done:
        carry(work, approval)
    return decided


def refuse(work: Work, *, number: int, note: str = "", pressed: bool = False) -> Decided:
    """Refuse it: what has waited does not happen; what is done is for its author (or a leader) to undo.

    Raises NotFound, NotYourOwn, WrongState, Stale.
    """
    return _decide(work, _locked(work, number, pressed=pressed), ApprovalStatus.REFUSED, note=note)


def _locked(work: Work, number: int, *, pressed: bool) -> Approval:
    require(work, "work.approve")
    approval = approvals.lock(work, number=number)
    if pressed and approval.status is not ApprovalStatus.PENDING:
        raise Stale(thing=approval.code, status=approval.standing)
    not_own(work, person_id=approval.asked_by, thing=approval.code)
    return approval


def _decide(work: Work, approval: Approval, to: ApprovalStatus, *, note: str) -> Decided:
    approval.move(to)
    approval.decided_by, approval.decided_at = work.actor.person_id, work.now
    approval.reason = note[:200]
    asking.record(work, f"approval.{to.value}", approval, note=note, asked_in=approval.data["asked_in"])
    return Decided(
        approval=approval.code,
        kind=approval.kind,
        status=approval.status,
        text=approval.text,
        done=approval.done,
    )


def remind(work: Work, *, approval_id: int) -> bool:
    """Tell who is on shift of what waits for too long; False if there is no need any more."""
    approval = approvals.lock_by_id(work, approval_id=approval_id)
    if approval is None or approval_id not in waiting.overdue(work):
        return False
    called = list(waiting.callable_for(work, approval))
    asking.record(work, "approval.reminded", approval, called=called)
    return bool(called)
