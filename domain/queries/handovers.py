"""Hand-overs: as they read, those that nobody has taken, and those that are due to be drafted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from domain.duty import on_duty, shift_at
from domain.errors import NotFound
from domain.models.floor import Handover, HandoverStatus
from domain.models.journal import Event, EventSubject
from domain.queries.people import name_of
from domain.store import handovers, people
from domain.work import Work

REMINDED: Final = "handover.reminded"
MOST_REMINDERS: Final = 3


@dataclass(frozen=True, kw_only=True)
class HandoverView:
    """One hand-over with the names people know; `lines` are plain data by kind."""

    id: int
    code: str
    number: int
    department: str
    line: str
    shift: str
    status: HandoverStatus
    lines: Sequence[dict[str, Any]]
    giver: str
    taker: str
    drafted_at: datetime
    taken_at: datetime | None
    void: bool


def handover(work: Work, handover_id: int) -> HandoverView:
    """Return one hand-over by id; raises sqlalchemy's NoResultFound, which is a bug of the caller."""
    return _view(work, work.session.get_one(Handover, handover_id))


def numbered(work: Work, number: int) -> HandoverView:
    """Return the hand-over JB-<number>; raises NotFound."""
    query = select(Handover).where(
        Handover.site_id == work.site_id, Handover.number == number, ~Handover.void
    )
    found = work.session.scalars(query).first()
    if found is None:
        raise NotFound(kind="handover", code_text=f"JB-{number}")
    return _view(work, found)


def open_ones(work: Work) -> Sequence[HandoverView]:
    """Return what nobody has taken over, oldest first."""
    return [_view(work, it) for it in handovers.untaken(work)]


def late(work: Work) -> Sequence[Handover]:
    """Return hand-overs that somebody on duty should have taken, and was not reminded of lately or often."""
    return [it for it in handovers.untaken(work) if _is_late(work, it)]


def _is_late(work: Work, found: Handover) -> bool:
    query = (
        select(Event.recorded_at)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == "handover", EventSubject.ref == found.id, Event.type == REMINDED)
    )
    reminded = work.session.scalars(query).all()
    last = max((found.drafted_at, *reminded))
    if len(reminded) >= MOST_REMINDERS or work.now - last < work.playbook.floor.handover_remind:
        return False
    giver = people.by_ids(work, [found.given_by] if found.given_by else [])
    others = set(on_duty(work.playbook, department=found.department, at=work.now))
    return bool(others - {it.job_number for it in giver})


def to_draft(work: Work) -> Sequence[str]:
    """Return the departments whose shift ends soon and that have not handed over yet (playbook: floor)."""
    rule = work.playbook.floor
    return [code for code in rule.handover if _ends_soon(work, code)]


def _ends_soon(work: Work, department: str) -> bool:
    run = shift_at(work.playbook, at=work.now, department=department)
    if run is None or run.end - work.now > work.playbook.floor.handover_before:
        return False
    since = run.end - work.playbook.floor.handover_before * 4
    return not handovers.drafted_since(work, department=department, since=since)


def _view(work: Work, found: Handover) -> HandoverView:
    return HandoverView(
        id=found.id,
        code=found.code,
        number=found.number,
        department=found.department,
        line=found.line,
        shift=found.shift,
        status=found.status,
        lines=found.lines,
        giver=name_of(work, found.given_by),
        taker=name_of(work, found.taken_by),
        drafted_at=found.drafted_at,
        taken_at=found.taken_at,
        void=found.void,
    )
