"""Working days: holidays, make-up days (调休), and years that nobody has confirmed."""

from datetime import date, timedelta
from typing import Any

import holidays
import pytest

from domain.duty import CalendarGap, calendar_gaps, is_day_for, is_working_day, shift_runs
from domain.playbook.seed import seed_yaml, seed_year
from tests.plants import DEMO, demo, plant

DAYS = [
    ("2026-02-13", True),  # Friday
    ("2026-02-14", True),  # Saturday, made up for the spring festival
    ("2026-02-15", False),  # Sunday, first day off
    ("2026-02-19", False),  # Thursday in the middle
    ("2026-02-23", False),  # Monday, last day off
    ("2026-02-24", True),
    ("2026-02-28", True),  # Saturday, made up
    ("2026-03-01", False),  # a Sunday like any other
    ("2026-10-07", False),
    ("2026-10-10", True),  # Saturday, made up
    ("2026-11-21", False),  # a Saturday like any other
    ("2028-10-02", True),  # a year without a table: the week decides
]


@pytest.mark.parametrize(("day", "works"), DAYS)
def test_the_table_comes_before_the_week(day: str, *, works: bool) -> None:
    assert is_working_day(demo(), on=date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "follows", "expected"),
    [
        ("2026-02-14", True, True),  # make-up Saturday: happens though its days are Monday to Friday
        ("2026-02-14", False, False),
        ("2026-02-16", True, False),  # a Monday off
        ("2026-02-16", False, True),
    ],
)
def test_what_ignores_the_calendar_looks_at_the_week_only(day: str, *, follows: bool, expected: bool) -> None:
    on = date.fromisoformat(day)
    assert is_day_for(demo(), days=(0, 1, 2, 3, 4), follows_calendar=follows, on=on) is expected


def test_a_shift_that_holds_over_holidays_runs_when_the_others_rest() -> None:
    book = demo()
    festival = date(2026, 2, 17)
    assert shift_runs(book, shift=book.shift("night"), on=festival)
    assert not shift_runs(book, shift=book.shift("office"), on=festival)


def test_own_workdays_of_the_site() -> None:
    book = plant(site={"code": "t", "name": "厂", "plant_manager": "1", "workdays": "周一-周六"}, calendar=[])
    saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
    assert is_working_day(book, on=saturday)
    assert not is_working_day(book, on=sunday)


def test_the_seed_agrees_with_holidays_on_every_day_of_the_decreed_years() -> None:
    book = demo()
    for year in (2025, 2026):
        table = holidays.country_holidays("CN", years=[year])
        days = [date(year, 1, 1) + timedelta(days=step) for step in range(365)]
        assert [is_working_day(book, on=day) for day in days] == [table.is_working_day(day) for day in days]


def test_the_seed_gives_the_spring_festival_of_the_decree_in_one_piece() -> None:
    spring = next(holiday for holiday in seed_year(2026).rest if holiday.name == "春节")
    assert (spring.since, spring.until) == (date(2026, 2, 15), date(2026, 2, 23))


def test_a_year_that_is_not_decreed_is_seeded_unconfirmed() -> None:
    assert seed_year(2026).confirmed
    assert not seed_year(2027).confirmed


def test_the_calendar_of_the_demo_is_what_the_seed_writes() -> None:
    text = (DEMO / "calendar.yaml").read_text(encoding="utf-8")
    assert seed_yaml([2025, 2026, 2027]) in text


GAPS: list[tuple[str, list[dict[str, Any]], tuple[CalendarGap, ...]]] = [
    ("2026-06-01", [], (CalendarGap(year=2026, why="missing"),)),
    ("2026-06-01", [{"year": 2026, "confirmed": True}], ()),
    ("2026-11-30", [{"year": 2026, "confirmed": True}], ()),
    ("2026-12-01", [{"year": 2026, "confirmed": True}], (CalendarGap(year=2027, why="missing"),)),
    (
        "2026-12-01",
        [{"year": 2026, "confirmed": True}, {"year": 2027, "confirmed": False}],
        (CalendarGap(year=2027, why="unconfirmed"),),
    ),
    ("2027-01-04", [{"year": 2027, "confirmed": False}], (CalendarGap(year=2027, why="unconfirmed"),)),
]


@pytest.mark.parametrize(("day", "years", "gaps"), GAPS)
def test_next_year_is_missed_from_december(
    day: str, years: list[dict[str, Any]], gaps: tuple[CalendarGap, ...]
) -> None:
    assert calendar_gaps(plant(calendar=years), on=date.fromisoformat(day)) == gaps
