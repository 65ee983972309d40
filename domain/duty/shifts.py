"""Which shift is on, when the next one starts, and which production date a moment belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.duty.calendar import shift_runs
from domain.playbook import Playbook
from domain.playbook.shifts import Shift

DAY = timedelta(days=1)
HORIZON_DAYS = 60
"""How far ahead the next shift is looked for; the longest holiday shut-down is some three weeks."""


@dataclass(frozen=True, kw_only=True)
class ShiftRun:
    """One shift on one date: from `start` (included) to `end` (not included), both aware UTC."""

    shift: Shift
    date: date
    start: datetime
    end: datetime


def shift_at(playbook: Playbook, *, at: datetime, department: str | None = None) -> ShiftRun | None:
    """Return the run that is on at this moment, of the department or (None) of the production shifts."""
    day = local_date(playbook, at)
    runs = runs_between(playbook, first=day - DAY, last=day, department=department)
    return next((run for run in runs if run.start <= at < run.end), None)


def production_date(playbook: Playbook, *, at: datetime) -> date:
    """Return the date on which the production shift of this moment started; between shifts the local date."""
    run = shift_at(playbook, at=at)
    return run.date if run else local_date(playbook, at)


def next_shift(playbook: Playbook, *, department: str, after: datetime) -> ShiftRun | None:
    """Return the department's first run that starts after this moment, None if none starts within 60 days."""
    return next(coming_runs(playbook, department=department, after=after), None)


def coming_runs(playbook: Playbook, *, department: str, after: datetime) -> Iterator[ShiftRun]:
    """Give the department's runs that start after this moment, soonest first, for 60 days."""
    day = local_date(playbook, after)
    runs = runs_between(playbook, first=day - DAY, last=day + HORIZON_DAYS * DAY, department=department)
    return (run for run in runs if run.start > after)


def runs_between(
    playbook: Playbook, *, first: date, last: date, department: str | None = None
) -> Iterator[ShiftRun]:
    """Give every run that starts on one of these dates, in order of start."""
    shifts = _shifts(playbook, department)
    for step in range((last - first).days + 1):
        day = first + step * DAY
        runs = [run_on(playbook, shift=it, on=day) for it in shifts if shift_runs(playbook, shift=it, on=day)]
        yield from sorted(runs, key=lambda run: run.start)


def run_on(playbook: Playbook, *, shift: Shift, on: date) -> ShiftRun:
    """Return the shift's window on a date, whether it runs then or not.

    Hours are wall-clock hours: an hour that the spring change leaves out is taken by its old offset, of
    an hour that autumn has twice the first counts.
    """
    end_day = on + DAY if shift.crosses_midnight else on
    return ShiftRun(
        shift=shift,
        date=on,
        start=moment(playbook, on, shift.start),
        end=moment(playbook, end_day, shift.end),
    )


def worked(playbook: Playbook, *, since: datetime, until: datetime) -> timedelta:
    """Return how much of this time production ran; all of it where the playbook has no production shift."""
    if not _shifts(playbook, None):
        return until - since
    first, last = local_date(playbook, since) - DAY, local_date(playbook, until)
    total, counted = timedelta(), since
    for run in runs_between(playbook, first=first, last=last):
        start, end = max(run.start, counted), min(run.end, until)
        if start < end:
            total, counted = total + (end - start), end
    return total


def moment(playbook: Playbook, on: date, hour: time) -> datetime:
    """Return the aware UTC moment of a local date and hour of the site."""
    return datetime.combine(on, hour, tzinfo=playbook.zone).astimezone(UTC)


def local_date(playbook: Playbook, at: datetime) -> date:
    """Return the site's calendar date at this moment; ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("time is aware UTC")
    return at.astimezone(playbook.zone).date()


def _shifts(playbook: Playbook, department: str | None) -> tuple[Shift, ...]:
    if department is None:
        return tuple(shift for shift in playbook.shifts if shift.production)
    return tuple(playbook.shift(code) for code in playbook.department(department).shifts)
