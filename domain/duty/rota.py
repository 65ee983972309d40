"""Who is on duty: rota, leave, substitutes."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime

from domain.duty.shifts import ShiftRun, shift_at
from domain.playbook import Playbook
from domain.playbook.shifts import Leave


def without(playbook: Playbook, leavers: AbstractSet[str]) -> Playbook:
    """Return the playbook as if these people (job numbers) were away for good, whatever it still says."""
    named = sorted(leavers & playbook.people_by_number.keys())
    if not named:
        return playbook
    away = tuple(Leave(person=number, since=date.min, until=date.max) for number in named)
    kept = tuple(it for it in playbook.leave if it.substitute not in leavers)
    return playbook.model_copy(update={"leave": (*kept, *away)})


def on_duty(playbook: Playbook, *, department: str, at: datetime) -> tuple[str, ...]:
    """Return the job numbers on duty for the department at this moment, in the rota's order."""
    run = shift_at(playbook, at=at, department=department)
    return on_duty_in(playbook, department=department, run=run) if run else ()


def on_duty_in(playbook: Playbook, *, department: str, run: ShiftRun) -> tuple[str, ...]:
    """Return the job numbers on duty for the department in one run; leave counts by the day the run starts.

    Substitutes stand in for who is away. A department without any line in the rota: its contact window.
    """
    named = rostered(playbook, department, run)
    present = (stand_in(playbook, person=person, on=run.date) for person in named)
    return tuple(dict.fromkeys(person for person in present if person))


def is_absent(playbook: Playbook, *, person: str, on: date) -> bool:
    """Whether this person is on leave on this date."""
    return any(leave.person == person and leave.covers(on) for leave in playbook.leave)


def is_gone(playbook: Playbook, *, person: str) -> bool:
    """Whether this person is away for good (`without`)."""
    return any(leave.person == person and leave.until == date.max for leave in playbook.leave)


def stand_in(playbook: Playbook, *, person: str, on: date) -> str | None:
    """Return the person, or who stands in for them (also at second hand) on this date, or None."""
    return _stand_in(playbook, person, on, frozenset())


def _stand_in(playbook: Playbook, person: str, on: date, asked: frozenset[str]) -> str | None:
    if person in asked:
        return None
    if not is_absent(playbook, person=person, on=on):
        return person
    substitutes = [it.substitute for it in playbook.leave if it.person == person and it.covers(on)]
    found = (_stand_in(playbook, name, on, asked | {person}) for name in substitutes if name)
    return next((name for name in found if name), None)


def rostered(playbook: Playbook, department: str, run: ShiftRun) -> tuple[str, ...]:
    """Return whom the rota plans for this run, away or not; empty if the run is not manned."""
    unit = playbook.department(department)
    lines = [line for line in playbook.rota if line.department == unit.code]
    if not lines:
        return (unit.contact_window,)
    today = [line for line in lines if line.shift == run.shift.code and line.covers(run.date)]
    today = [line for line in today if line.replaces] or today
    return tuple(dict.fromkeys(person for line in today for person in line.people))
