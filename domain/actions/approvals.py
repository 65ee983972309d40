"""The four eyes: what needs a second person is asked for here; deciding is `domain/actions/deciding.py`."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.models.approval import Approval, ApprovalKind, ApprovalStatus
from domain.queries.on_shift import approvers
from domain.store import approvals
from domain.work import Work

TEXT = 500


def demanded(work: Work, kind: ApprovalKind, *, amount: Decimal | None = None) -> bool:
    """Say whether the plant wants a second pair of eyes on this kind of act.

    `amount`: so many pieces are reported as scrap at once, which matters only above the playbook's limit.
    """
    rule = work.playbook.approvals
    if work.actor.is_house or kind.value not in rule.kinds:
        return False
    return amount is None or (rule.scrap_over is not None and amount > rule.scrap_over)


def may_stand(work: Work, kind: ApprovalKind) -> bool:
    """Say whether the act may be done before anybody has approved it.

    It may where the plant demands no approval of it, and where nobody else who approves is on shift, unless
    the plant calls it a safety matter.
    """
    if not demanded(work, kind):
        return True
    return kind.value not in work.playbook.approvals.safety and not others_on_shift(work)


def ask(
    work: Work,
    *,
    kind: ApprovalKind,
    subject: tuple[str, int],
    text: str,
    data: dict[str, Any] | None = None,
    done: bool = True,
) -> Approval:
    """Ask for a second pair of eyes on what the actor did (`done`), or wants to do and what waits for it.

    `subject` is (kind, id) as of event subjects, `text` what people read, `data` (JSON-able) what carrying it
    out needs: see `domain/actions/deciding.py: CARRY_OUT`. Records `approval.asked`.
    """
    called = others_on_shift(work)
    approval = Approval(
        id=work.new_id(),
        site_id=work.site_id,
        number=approvals.next_number(work),
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        text=text[:TEXT],
        data={**(data or {}), "asked_in": work.heard_in},
        act=work.message,
        done=done,
        asked_by=work.actor.person_id,
        asked_at=work.now,
        reason="",
        status=ApprovalStatus.PENDING,
        void=False,
    )
    work.session.add(approval)
    record(work, "approval.asked", approval, called=list(called))
    return approval


def others_on_shift(work: Work) -> Sequence[str]:
    """Return the job numbers of those on shift who may approve what the actor does, the nearest of them."""
    return approvers(work, besides=work.actor.job_number, near=work.actor.department)


def record(work: Work, event_type: str, approval: Approval, **data: Any) -> None:
    """Record what happened to an approval."""
    about = [("approval", approval.id), (approval.subject_kind, approval.subject_id)]
    known = {"approval": approval.code, "kind": approval.kind, "text": approval.text, "done": approval.done}
    work.record(event_type, data={**known, **data}, about=about)
