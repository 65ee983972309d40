"""The four eyes: what needs a second person is asked for here; deciding is `domain/actions/deciding.py`."""

from collections.abc import Sequence
from typing import Any

from domain.duty import on_duty, without
from domain.models.approval import Approval, ApprovalKind, ApprovalStatus
from domain.store import approvals, people, sign_ons
from domain.work import Work

TEXT = 500


def demanded(work: Work, kind: ApprovalKind) -> bool:
    """Say whether the plant wants a second pair of eyes on this kind of act."""
    return not work.actor.is_house and kind.value in work.playbook.approvals.kinds


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
    record(work, "approval.asked", approval, called=called)
    return approval


def others_on_shift(work: Work) -> list[str]:
    """Return the job numbers of those on shift who may approve what the actor does, the nearest of them.

    On shift is who the rota says or who is signed on; near are those of the playbook's department, else of
    the actor's own; only where there is none of these, everybody.
    """
    return on_shift(work, besides=work.actor.job_number, near=work.actor.department)


def on_shift(work: Work, *, besides: str, near: str) -> list[str]:
    """Return who may approve and is on shift besides one (job number), those of a department (code) first."""
    able = [it for it in _approvers(work) if it != besides]
    wanted = work.playbook.approvals.department or near
    close = [it for it in able if work.playbook.person(it).department == wanted]
    return close or able


def _approvers(work: Work) -> Sequence[str]:
    book = work.playbook
    rule = without(book, people.leavers(work))
    standing = {
        it.job_number for it in people.by_ids(work, [it.person_id for it in sign_ons.still_open(work)])
    }
    on_rota = {
        number for unit in book.departments for number in on_duty(rule, department=unit.code, at=work.now)
    }
    present = standing | on_rota
    return [it.id for it in book.people if it.id in present and "work.approve" in book.permissions_of(it.id)]


def record(work: Work, event_type: str, approval: Approval, **data: Any) -> None:
    """Record what happened to an approval."""
    about = [("approval", approval.id), (approval.subject_kind, approval.subject_id)]
    known = {"approval": approval.code, "kind": approval.kind, "text": approval.text, "done": approval.done}
    work.record(event_type, data={**known, **data}, about=about)
