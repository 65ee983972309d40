"""Whom to call when an andon waits, and when: the rungs of its ladder, found at the moment of need.

- Nobody on duty: urgent and safety climb at once, the rest waits for the responsible department's next
  manned shift.
- A rung that finds nobody is passed over at once; the last rung always finds a person.
- The next due time is the last one plus the rung's delay (no drift), also where it is asked for late; if that
  is more than one such delay ago it is now, so that an outage is not followed by a burst of calls.
- At the top the last rung is called again every `repeat`: what is not closed always has a due time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.duty.rota import is_gone, on_duty, rostered, stand_in
from domain.duty.shifts import coming_runs, local_date, shift_at
from domain.playbook import Playbook
from domain.playbook.rules import AndonKind, Ladder, LadderRung, Severity, Who


class Reason(StrEnum):
    """Why these people are called, and why now."""

    ON_TIME = "on_time"  # as the ladder says
    NEXT_SHIFT = "next_shift"  # it waited for the department's next shift
    CLIMBED = "climbed"  # the rungs below found nobody
    LAST_RESORT = "last_resort"  # on leave without a substitute, but there is nobody else
    REPEAT = "repeat"  # the top of the ladder, again


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One call: whom (job numbers, never empty), when (aware UTC), and why.

    `index` is the place in the playbook's ladder, counted from 0; `skipped` names the rungs below that found
    nobody.
    """

    index: int
    who: Who
    people: tuple[str, ...]
    due: datetime
    reason: Reason
    skipped: tuple[Who, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Case:
    playbook: Playbook
    department: str
    severity: Severity
    ladder: Ladder


def ladder(
    playbook: Playbook,
    *,
    kind: str,
    at: datetime,
    department: str | None = None,
    severity: Severity | None = None,
) -> tuple[Rung, ...]:
    """Return the calls that an andon raised `at` leads to if nobody ever takes it, as things stand now.

    At least one; dues never decrease; the last is a person. `department` and `severity` override the kind's.
    Raises NotFound for an unknown kind or department.
    """
    case = _case(playbook, kind=kind, department=department, severity=severity)
    rungs = [_climb(case, index=0, previous_due=at, now=at)]
    while rungs[-1].index + 1 < len(case.ladder.rungs):
        last = rungs[-1]
        rungs.append(_climb(case, index=last.index + 1, previous_due=last.due, now=at))
    return tuple(rungs)


def next_rung(
    playbook: Playbook,
    *,
    kind: str,
    index: int,
    previous_due: datetime,
    now: datetime,
    department: str | None = None,
    severity: Severity | None = None,
) -> Rung:
    """Return the call after rung `index` (-1: the first), whose due time was `previous_due` (-1: raised at).

    After the last rung it is the last rung again. Raises NotFound for an unknown kind or department.
    """
    case = _case(playbook, kind=kind, department=department, severity=severity)
    if index + 1 < len(case.ladder.rungs):
        return _climb(case, index=index + 1, previous_due=previous_due, now=now)
    top = len(case.ladder.rungs) - 1
    due = _due(previous_due, case.ladder.repeat, now)
    return _found(case, top, due, Reason.REPEAT, ()) or _last_resort(case, top, due, ())


def _case(playbook: Playbook, *, kind: str, department: str | None, severity: Severity | None) -> _Case:
    it: AndonKind = playbook.andon_kind(kind)
    return _Case(
        playbook=playbook,
        department=playbook.department(department or it.department).code,
        severity=severity or it.severity,
        ladder=playbook.ladder(it.ladder),
    )


def _due(previous_due: datetime, delay: timedelta, now: datetime) -> datetime:
    due = previous_due + delay
    return due if now - due <= delay else now


def _climb(case: _Case, *, index: int, previous_due: datetime, now: datetime) -> Rung:
    """Go up from `index` until somebody is found; a rung that finds nobody costs no time."""
    due = _due(previous_due, case.ladder.rungs[index].after, now)
    skipped: tuple[Who, ...] = ()
    for place in range(index, len(case.ladder.rungs)):
        rung = _found(case, place, due, Reason.CLIMBED if skipped else Reason.ON_TIME, skipped)
        if rung:
            return rung
        skipped = (*skipped, case.ladder.rungs[place].who)
    return _last_resort(case, len(case.ladder.rungs) - 1, due, skipped[:-1])


def _found(case: _Case, place: int, due: datetime, reason: Reason, skipped: tuple[Who, ...]) -> Rung | None:
    called = _opening(case, due) if case.severity == "normal" else due
    people = _people(case, case.ladder.rungs[place], called)
    if not people:
        return None
    why = Reason.NEXT_SHIFT if called > due else reason
    return Rung(
        index=place, who=case.ladder.rungs[place].who, people=people, due=called, reason=why, skipped=skipped
    )


def _opening(case: _Case, due: datetime) -> datetime:
    """Return when the department can be called: now if its shift is manned, else when a manned one starts.

    Manned is what the rota plans: who is planned but away is a rung that finds nobody, not a reason to wait.
    """
    now = shift_at(case.playbook, at=due, department=case.department)
    if now and rostered(case.playbook, case.department, now):
        return due
    runs = coming_runs(case.playbook, department=case.department, after=due)
    return next((run.start for run in runs if rostered(case.playbook, case.department, run)), due)


def _people(case: _Case, rung: LadderRung, at: datetime) -> tuple[str, ...]:
    if rung.who == "duty":
        return on_duty(case.playbook, department=case.department, at=at)
    person = _named(case, rung)
    present = stand_in(case.playbook, person=person, on=local_date(case.playbook, at))
    if present is None and case.severity == "safety" and not is_gone(case.playbook, person=person):
        return (person,)
    return (present,) if present else ()


def _named(case: _Case, rung: LadderRung) -> str:
    unit = case.playbook.department(case.department)
    if rung.who == "leader":
        return unit.leader_or_head
    if rung.who == "head":
        return unit.head
    return rung.person or case.playbook.site.plant_manager


def _last_resort(case: _Case, place: int, due: datetime, skipped: tuple[Who, ...]) -> Rung:
    rung = case.ladder.rungs[place]
    return Rung(
        index=place,
        who=rung.who,
        people=(_named(case, rung),),
        due=_opening(case, due) if case.severity == "normal" else due,
        reason=Reason.LAST_RESORT,
        skipped=skipped,
    )
