"""Working days: the plant's own table of holidays and make-up days first, the week otherwise."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.playbook import Playbook
from domain.playbook.shifts import CalendarYear, Shift

DECREE_MONTH = 12
"""By December the State Council has published next year's days off (for 2026: in November 2025)."""


@dataclass(frozen=True, kw_only=True)
class CalendarGap:
    """A year whose days off and make-up days nobody has confirmed."""

    year: int
    why: Literal["missing", "unconfirmed"]


def is_working_day(playbook: Playbook, *, on: date) -> bool:
    """Whether the plant works on this date: make-up day yes, day off no, else by `site.workdays`."""
    marked = _marked(playbook, on)
    return on.weekday() in playbook.site.workdays if marked is None else marked


def is_day_for(playbook: Playbook, *, days: tuple[int, ...], follows_calendar: bool, on: date) -> bool:
    """Whether something with these days of the week (a shift, a digest) happens on this date.

    What follows the calendar pauses on days off and happens on every make-up day, whatever its weekday.
    """
    marked = _marked(playbook, on) if follows_calendar else None
    return on.weekday() in days if marked is None else marked


def shift_runs(playbook: Playbook, *, shift: Shift, on: date) -> bool:
    """Whether the shift starts on this date."""
    return is_day_for(playbook, days=shift.days, follows_calendar=not shift.holidays, on=on)


def calendar_gaps(playbook: Playbook, *, on: date) -> tuple[CalendarGap, ...]:
    """Return this year, and from December the next, where the calendar is missing or unconfirmed."""
    years = [on.year, on.year + 1] if on.month >= DECREE_MONTH else [on.year]
    known = {year.year: year for year in playbook.calendar}
    gaps = [CalendarGap(year=year, why="missing") for year in years if year not in known]
    gaps += [
        CalendarGap(year=year, why="unconfirmed")
        for year in years
        if year in known and not known[year].confirmed
    ]
    return tuple(sorted(gaps, key=lambda gap: gap.year))


def _marked(playbook: Playbook, on: date) -> bool | None:
    for year in playbook.calendar:
        if year.year == on.year:
            return _marked_in(year, on)
    return None


def _marked_in(year: CalendarYear, on: date) -> bool | None:
    if any(it.day == on for it in year.work):
        return True
    if any(holiday.since <= on <= (holiday.until or holiday.since) for holiday in year.rest):
        return False
    return None
