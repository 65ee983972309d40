"""What waits for a second pair of eyes, and for how long nobody has been told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from domain.errors import NotFound
from domain.models.approval import Approval, ApprovalKind, ApprovalStatus
from domain.models.journal import EVENT_ORDER, Event, EventSubject
from domain.queries.on_shift import approvers
from domain.queries.people import name_of
from domain.store import people
from domain.work import Work

TELLING = ("approval.asked", "approval.reminded")


@dataclass(frozen=True, kw_only=True)
class ApprovalView:
    """One approval with the names people know; `act` is the type of event that was voided, if one was."""

    id: int
    code: str
    kind: ApprovalKind
    status: ApprovalStatus
    text: str
    act: str
    done: bool
    asker: str
    asker_id: int | None
    asked_at: datetime
    asked_in: str
    decider: str
    reason: str
    void: bool


def approval(work: Work, approval_id: int) -> ApprovalView:
    """Return one approval by id; raises sqlalchemy's NoResultFound, which is a bug of the caller."""
    return _view(work, work.session.get_one(Approval, approval_id))


def numbered(work: Work, number: int) -> ApprovalView:
    """Return the approval SP-<number>; raises NotFound."""
    found = work.session.scalars(
        select(Approval).where(Approval.site_id == work.site_id, Approval.number == number, ~Approval.void)
    ).first()
    if found is None:
        raise NotFound(kind="approval", code_text=f"SP-{number}")
    return _view(work, found)


def _pending(work: Work) -> Select[Approval]:
    return (
        select(Approval)
        .where(Approval.site_id == work.site_id, Approval.status == ApprovalStatus.PENDING, ~Approval.void)
        .order_by(Approval.id)
    )


def pending(work: Work, *, besides: int | None = None, limit: int = 20) -> Sequence[ApprovalView]:
    """Return what waits, oldest first, but for what this person (id) asked for."""
    query = _pending(work)
    if besides is not None:
        query = query.where(Approval.asked_by.is_distinct_from(besides))
    return [_view(work, found) for found in work.session.scalars(query.limit(limit))]


def overdue(work: Work) -> Sequence[int]:
    """Return what waits although somebody is on shift who could decide and was not told lately."""
    return [it.id for it in work.session.scalars(_pending(work)) if _is_overdue(work, it)]


def _is_overdue(work: Work, found: Approval) -> bool:
    told_at, data = _last_told(work, approval_id=found.id)
    waited = work.now - told_at >= work.playbook.approvals.remind
    return (waited or not data.get("called")) and bool(callable_for(work, found))


def callable_for(work: Work, found: Approval) -> Sequence[str]:
    """Return the job numbers of who is on shift and may decide about it."""
    asker = people.by_ids(work, [found.asked_by] if found.asked_by else [])
    number, near = (asker[0].job_number, asker[0].department) if asker else ("", "")
    return approvers(work, besides=number, near=near)


def _last_told(work: Work, *, approval_id: int) -> tuple[datetime, dict[str, Any]]:
    """Return when people were last told of an approval that waits, and the data of that event."""
    query = (
        select(Event.recorded_at, Event.data)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == "approval", EventSubject.ref == approval_id, Event.type.in_(TELLING))
    )
    found = work.session.execute(query.order_by(EVENT_ORDER.desc()).limit(1)).one()
    return found.recorded_at, found.data


def _view(work: Work, found: Approval) -> ApprovalView:
    return ApprovalView(
        id=found.id,
        code=found.code,
        kind=found.kind,
        status=found.status,
        text=found.text,
        act=str(found.data.get("type", "")),
        done=found.done,
        asker=name_of(work, found.asked_by),
        asker_id=found.asked_by,
        asked_at=found.asked_at,
        asked_in=str(found.data.get("asked_in", "")),
        decider=name_of(work, found.decided_by),
        reason=found.reason,
        void=found.void,
    )
