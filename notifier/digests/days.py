"""A production day in UTC: from the start of its first shift to the start of the next day's."""

from datetime import UTC, date, datetime, time, timedelta

from domain.duty import production_date, shift_runs
from domain.playbook import Playbook

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


def day_on(playbook: Playbook, day: date, *, now: datetime) -> datetime | None:
    """Return a moment of the production day that a calendar day means; None where it has not begun.

    After midnight today's is the one that runs still.
    """
    today = now.astimezone(playbook.zone).date()
    running = day_of(playbook, now)[0]
    if day in (today, running):
        return now
    return beginning(playbook, day) if day < running else None


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
