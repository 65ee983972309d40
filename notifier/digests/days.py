"""A production day in UTC: from the start of its first shift to the start of the next day's."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.duty import production_date, run_on, shift_runs
from domain.playbook import Playbook
from domain.playbook.shifts import Shift

LONGEST_REST = 30
"""Days over which one looks back for work; the longest holidays are shorter."""


def day_of(playbook: Playbook, at: datetime) -> tuple[date, datetime, datetime]:
    """Return the production date at a moment, and its beginning and end (aware UTC).

    After midnight, before the first shift, the day before is still meant: the new one is empty.
    """
    day = production_date(playbook, at=at)
    if beginning(playbook, day) > at:
        day -= timedelta(days=1)
    return day, beginning(playbook, day), beginning(playbook, day + timedelta(days=1))


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A production day, or one shift (its name) of it: from `begins` (included) to `ends`, aware UTC."""

    day: date
    shift: str
    begins: datetime
    ends: datetime


def stretch(
    playbook: Playbook, *, now: datetime, day: date | None = None, shift: str = "", evening: bool = False
) -> Stretch:
    """Return what a calendar day and a shift (by name, or empty) mean; it may not have begun.

    Without a day it is the newest run of the shift that has begun. After midnight today's is the one that
    runs still. The `evening` of a day is its night shift, where there is one.
    """
    meant = _meant(playbook, day, now=now)
    kind = next((it for it in playbook.shifts if it.name == shift), None)
    kind = kind or (night_shift(playbook) if evening else None)
    if kind is None:
        return Stretch(
            day=meant,
            shift="",
            begins=beginning(playbook, meant),
            ends=beginning(playbook, meant + timedelta(days=1)),
        )
    run = run_on(playbook, shift=kind, on=meant)
    if day is None and run.start > now:
        run = run_on(playbook, shift=kind, on=meant - timedelta(days=1))
    return Stretch(day=run.date, shift=kind.name, begins=run.start, ends=run.end)


def night_shift(playbook: Playbook) -> Shift | None:
    """Return the production shift that runs over midnight, if there is one."""
    return next((it for it in playbook.shifts if it.production and it.crosses_midnight), None)


def _meant(playbook: Playbook, day: date | None, *, now: datetime) -> date:
    today = now.astimezone(playbook.zone).date()
    return day_of(playbook, now)[0] if day is None or day == today else day


def worked_before(playbook: Playbook, day: date) -> date:
    """Return the last date before `day` on which production ran (Monday's is Friday); else the day before."""
    earlier = (day - timedelta(days=back) for back in range(1, LONGEST_REST))
    return next((it for it in earlier if _produces(playbook, it)), day - timedelta(days=1))


def _produces(playbook: Playbook, day: date) -> bool:
    return any(it.production and shift_runs(playbook, shift=it, on=day) for it in playbook.shifts)


def beginning(playbook: Playbook, day: date) -> datetime:
    """Return when a production day begins: at the earliest start of a production shift, else at midnight."""
    starts = [shift.start for shift in playbook.shifts if shift.production]
    first = min(starts, default=time(0))
    return datetime.combine(day, first, playbook.zone).astimezone(UTC)
