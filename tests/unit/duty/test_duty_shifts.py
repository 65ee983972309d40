"""Shifts on the wall clock: across midnight, holidays, and the two nights a year that are not 24 hours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duty import next_shift, production_date, runs_between, shift_at
from tests.plants import local, plant

BERLIN = ZoneInfo("Europe/Berlin")

MOMENTS = [
    # at, production shift on, production date
    ("2026-03-02 07:59", None, "2026-03-02"),  # Monday, no night shift came before
    ("2026-03-02 08:00", "day", "2026-03-02"),
    ("2026-03-02 19:59", "day", "2026-03-02"),
    ("2026-03-02 20:00", "night", "2026-03-02"),
    ("2026-03-03 03:00", "night", "2026-03-02"),  # after midnight: still Monday's shift
    ("2026-03-03 07:59", "night", "2026-03-02"),
    ("2026-03-03 08:00", "day", "2026-03-03"),
    ("2026-03-07 02:00", "night", "2026-03-06"),  # Saturday morning, Friday's night shift
    ("2026-03-07 12:00", None, "2026-03-07"),
    ("2026-02-14 12:00", "day", "2026-02-14"),  # make-up Saturday
    ("2026-02-15 02:00", "night", "2026-02-14"),  # its night reaches into the holiday
    ("2026-02-15 12:00", None, "2026-02-15"),
    ("2026-02-24 02:00", None, "2026-02-24"),  # no night shift began on the last day off
]


@pytest.mark.parametrize(("at", "shift", "day"), MOMENTS)
def test_which_shift_and_which_production_date(at: str, shift: str | None, day: str) -> None:
    book = plant()
    run = shift_at(book, at=local(at))
    assert (run.shift.code if run else None) == shift
    assert production_date(book, at=local(at)) == date.fromisoformat(day)


NEXT = [
    ("make", "2026-03-02 07:00", "2026-03-02 08:00"),
    ("make", "2026-03-02 08:00", "2026-03-02 20:00"),  # strictly after
    ("make", "2026-03-06 21:00", "2026-03-09 08:00"),  # over the weekend
    ("buy", "2026-03-02 18:00", "2026-03-03 08:30"),
    ("buy", "2026-02-14 18:00", "2026-02-24 08:30"),  # over the spring festival
    ("buy", "2026-02-13 18:00", "2026-02-14 08:30"),  # to the make-up Saturday
]


@pytest.mark.parametrize(("department", "after", "start"), NEXT)
def test_the_next_shift_of_a_department(department: str, after: str, start: str) -> None:
    run = next_shift(plant(), department=department, after=local(after))
    assert run is not None
    assert run.start == local(start)


def test_departments_keep_their_own_hours() -> None:
    book, evening = plant(), local("2026-03-02 18:00")
    assert shift_at(book, at=evening, department="buy") is None
    assert shift_at(book, at=evening, department="生产部") is not None


def test_a_plant_without_shifts_has_calendar_dates_and_no_next_shift() -> None:
    book = plant(shifts=[], rota=[], departments=[{"code": "make", "name": "生产部", "head": "2"}])
    assert production_date(book, at=local("2026-03-02 23:59")) == date(2026, 3, 2)
    assert next_shift(book, department="make", after=local("2026-03-02 23:59")) is None


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        shift_at(plant(), at=datetime(2026, 3, 2, 8))  # noqa: DTZ001 (the mistake itself)


def berlin(**changes: Any) -> Any:
    site = {"code": "b", "name": "柏林厂", "plant_manager": "1", "timezone": "Europe/Berlin"}
    return plant(site=site, calendar=[], **changes)


EVERY_NIGHT = [
    {"code": "day", "name": "白班", "start": "06:00", "end": "22:00", "days": "每天"},
    {"code": "night", "name": "夜班", "start": "22:00", "end": "06:00", "days": "每天"},
    {"code": "office", "name": "常白班", "start": "08:30", "end": "17:30", "production": False},
]


@pytest.mark.parametrize(
    ("on", "hours"),
    [("2026-03-27", 8), ("2026-03-28", 7), ("2026-10-24", 9)],
    ids=["an ordinary night", "spring takes an hour", "autumn gives one"],
)
def test_a_night_shift_over_the_change_of_clocks(on: str, hours: int) -> None:
    day = date.fromisoformat(on)
    runs = runs_between(berlin(shifts=EVERY_NIGHT), first=day, last=day)
    night = next(run for run in runs if run.shift.code == "night")
    assert night.end - night.start == timedelta(hours=hours)
    assert night.start.astimezone(BERLIN).hour == 22
    assert night.end.astimezone(BERLIN).hour == 6


IN_THE_GAP = [
    {"code": "day", "name": "早", "start": "02:30", "end": "14:30", "days": "每天"},
    {"code": "night", "name": "晚", "start": "14:30", "end": "02:30", "days": "每天"},
    {"code": "office", "name": "常白班", "start": "08:30", "end": "17:30", "production": False},
]


@given(st.integers(0, 365 * 24 * 4), st.sampled_from([EVERY_NIGHT, IN_THE_GAP]))
def test_round_the_clock_is_without_gap_and_overlap_in_any_night_of_the_year(
    quarter: int, shifts: list[dict[str, Any]]
) -> None:
    book = berlin(shifts=shifts)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    day = at.astimezone(BERLIN).date()
    around = runs_between(book, first=day - timedelta(days=2), last=day + timedelta(days=2))
    assert len([run for run in around if run.start <= at < run.end]) == 1


@given(st.integers(0, 365 * 24 * 4))
def test_a_production_date_never_runs_backwards(quarter: int) -> None:
    book = plant()
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    assert production_date(book, at=at) <= production_date(book, at=at + timedelta(minutes=15))


def test_runs_come_in_order_of_start() -> None:
    starts = [run.start for run in runs_between(plant(), first=date(2026, 2, 1), last=date(2026, 3, 1))]
    assert starts == sorted(starts)
    assert len(starts) == len(set(starts))
