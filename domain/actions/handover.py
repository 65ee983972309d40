"""Shift hand-over: drafted by the bot from what is open, added to by people, taken by the next shift."""

from datetime import timedelta
from typing import Any, Final, TypedDict

from domain.duty import on_duty, shift_at
from domain.errors import NotFound
from domain.models.floor import Handover, HandoverStatus
from domain.permits import not_own, require
from domain.queries import handovers as waiting
from domain.queries.shift_state import lines_of
from domain.store import handovers, sign_ons
from domain.work import Work

SAME: Final = timedelta(hours=6)
"""So long what people add goes to the hand-over that is open."""
NOTE: Final = 300


class HandedOver(TypedDict):
    """How a hand-over stands: its number, whose it is, how many lines there are and how many people wrote."""

    handover: str
    department: str
    line: str
    shift: str
    status: HandoverStatus
    lines: int
    taken: list[str]


def give(work: Work, *, note: str = "") -> HandedOver:
    """Draft the hand-over of the actor's department, or add a note to the one that is open."""
    require(work, "shift.handover")
    department = work.actor.department
    found = handovers.open_of(work, department=department, since=work.now - SAME)
    new = found is None
    handover = found or _draft(work, department=department, line=_line(work))
    if not new:
        kept = [it for it in handover.lines if it["kind"] == "note"]
        handover.lines = [*lines_of(work, department=department, line=handover.line), *kept]
    if note:
        written = {"kind": "note", "text": note[:NOTE], "by": work.actor.name}
        handover.lines = [*handover.lines, written]
    handover.given_by = handover.given_by or work.actor.person_id
    return _tell(work, "handover.drafted" if new else "handover.noted", handover, note=note)


def _line(work: Work) -> str:
    """Return the line whose shift it is: where the actor is signed on, else where they belong."""
    signed = sign_ons.lock_of(work, person_id=work.actor.person_id or 0)
    rule = work.playbook.people_by_number.get(work.actor.job_number)
    return signed.line if signed else (rule.line or "") if rule else ""


def draft_for(work: Work, *, department: str) -> bool:
    """Draft a department's hand-over before its shift ends; False if there is one already."""
    if department not in waiting.to_draft(work):
        return False
    _tell(work, "handover.drafted", _draft(work, department=department, line=""), note="")
    return True


def _draft(work: Work, *, department: str, line: str) -> Handover:
    run = shift_at(work.playbook, at=work.now, department=department or None)
    handover = Handover(
        id=work.new_id(),
        site_id=work.site_id,
        number=handovers.next_number(work),
        department=department,
        line=line,
        shift=run.shift.name if run else "",
        lines=lines_of(work, department=department, line=line),
        given_by=work.actor.person_id,
        drafted_at=work.now,
        status=HandoverStatus.DRAFTED,
        void=False,
    )
    work.session.add(handover)
    return handover


def take(work: Work, *, number: int | None = None) -> HandedOver:
    """Take over (接班): what the one who gave it was working on is the actor's now.

    Nobody takes their own. Raises NotFound, NotYourOwn, WrongState.
    """
    require(work, "shift.handover")
    handover = _meant(work, number)
    not_own(work, person_id=handover.given_by, thing=handover.code)
    handover.move(HandoverStatus.TAKEN)
    handover.taken_by, handover.taken_at = work.actor.person_id, work.now
    taken = handovers.held_by(work, person_id=handover.given_by) if handover.given_by else []
    for andon in taken:
        andon.holder_id = work.actor.person_id
    return _tell(work, "handover.taken", handover, taken=[it.code for it in taken])


def _meant(work: Work, number: int | None) -> Handover:
    if number is not None:
        return handovers.lock(work, number=number)
    found = handovers.open_of(work, department=work.actor.department)
    if found is None:
        raise NotFound(kind="handover", code_text=work.actor.department)
    return found


def remind(work: Work, *, handover_id: int) -> bool:
    """Tell the next shift that nobody has taken it over; False if there is no need any more."""
    late = {it.id: it for it in waiting.late(work)}
    if handover_id not in late:
        return False
    handover = handovers.lock(work, number=late[handover_id].number)
    called = list(on_duty(work.playbook, department=handover.department, at=work.now))
    _tell(work, "handover.reminded", handover, called=called)
    return True


def _tell(work: Work, event_type: str, handover: Handover, **data: Any) -> HandedOver:
    moved = HandedOver(
        handover=handover.code,
        department=handover.department,
        line=handover.line,
        shift=handover.shift,
        status=handover.status,
        lines=len(handover.lines),
        taken=[],
    )
    known = {**moved, **data}
    work.record(event_type, data=known, about=[("handover", handover.id)])
    return HandedOver(**{**moved, "taken": known["taken"]})
