"""A production day in UTC: from the start of its first shift to the start of the next day's."""

from datetime import UTC, date, datetime, time, timedelta

from domain.duty import production_date
from domain.playbook import Playbook


def day_of(playbook: Playbook, at: datetime) -> tuple[date, datetime, datetime]:
    """Return the production date at a moment, and its beginning and end (aware UTC)."""
    day = production_date(playbook, at=at)
    return day, beginning(playbook, day), beginning(playbook, day + timedelta(days=1))


def beginning(playbook: Playbook, day: date) -> datetime:
    """Return when a production day begins: at the earliest start of a production shift, else at midnight."""
    starts = [shift.start for shift in playbook.shifts if shift.production]
    first = min(starts, default=time(0))
    return datetime.combine(day, first, playbook.zone).astimezone(UTC)
