"""Who stands where, since when; and who has forgotten to sign off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.duty import shift_at
from domain.models.floor import SignOn
from domain.store import people, sign_ons
from domain.work import Work

COMING: Final = timedelta(hours=1)  # who signs on so long before a shift has come for it
GOING: Final = timedelta(minutes=20)  # and nobody comes for so little of one
WITHOUT_SHIFT: Final = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class SignOnView:
    """One person at one station, `until` they left it."""

    name: str
    department: str
    line: str
    station: str
    station_name: str
    operation: str
    equipment: str
    since: datetime
    until: datetime | None


def who_stands(work: Work, *, line: str = "", station: str = "") -> Sequence[SignOnView]:
    """Return who is signed on (on a line, at a station), by line and station."""
    return _views(work, sign_ons.still_open(work), line=line, station=station)


def who_stood(
    work: Work, *, since: datetime, until: datetime, line: str = "", station: str = ""
) -> Sequence[SignOnView]:
    """Return who was signed on at some time from `since` to `until` (not included), by line and station."""
    return _views(work, sign_ons.during(work, since=since, until=until), line=line, station=station)


def _views(work: Work, every: Sequence[SignOn], *, line: str, station: str) -> Sequence[SignOnView]:
    found = [it for it in every if line in ("", it.line) and station in ("", it.station)]
    names = {it.id: it for it in people.by_ids(work, [one.person_id for one in found])}
    places = {it.code: it.name for it in work.playbook.stations}
    operations = work.playbook.operations_by_word
    views = [
        SignOnView(
            name=names[it.person_id].name,
            department=names[it.person_id].department,
            line=it.line,
            station=it.station,
            station_name=places.get(it.station, ""),
            operation=operations[it.operation].name if it.operation in operations else it.operation,
            equipment=it.equipment,
            since=it.since,
            until=it.until,
        )
        for it in found
    ]
    return sorted(views, key=lambda it: (it.line, it.station, it.since))


def forgotten(work: Work) -> Sequence[int]:
    """Return sign-ons (ids) of people whose shift has ended a while ago (playbook: floor.sign_off_after)."""
    found = sign_ons.still_open(work)
    departments = {it.id: it.department for it in people.by_ids(work, [one.person_id for one in found])}
    late = work.playbook.floor.sign_off_after
    ends = ((it.id, ends_at(work, it, department=departments[it.person_id])) for it in found)
    return [sign_on for sign_on, end in ends if end + late <= work.now]


def ends_at(work: Work, found: SignOn, *, department: str) -> datetime:
    """Return when the shift ends for which somebody signed on; where there is none, after twelve hours."""
    book = work.playbook
    unit = department if department in {it.code for it in book.departments} else None
    run = shift_at(book, at=found.since, department=unit)
    if run is None or run.end - found.since <= GOING:
        run = shift_at(book, at=found.since + COMING, department=unit) or run
    return run.end if run else found.since + WITHOUT_SHIFT
