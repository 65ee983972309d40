"""Which day a digest speaks of: after midnight still the old one, on Monday the last that worked."""

from datetime import UTC, date

import pytest

from notifier.digests.days import beginning, day_of, stretch, worked_before
from tests.plants import demo, local, plant


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-03-03 13:05", date(2026, 3, 3)),
        ("2026-03-04 07:00", date(2026, 3, 3)),
        ("2026-03-08 00:30", date(2026, 3, 7)),
    ],
)
def test_after_midnight_the_day_before_is_meant(at: str, day: date) -> None:
    moment = local(at).astimezone(UTC)
    assert day_of(demo(), moment)[:2] == (day, beginning(demo(), day))
    assert day_of(demo(), moment)[1] <= moment


@pytest.mark.parametrize(
    ("now", "asked", "means"),
    [
        ("2026-03-03 13:05", date(2026, 3, 3), date(2026, 3, 3)),
        ("2026-03-03 13:05", date(2026, 3, 2), date(2026, 3, 2)),
        ("2026-03-03 13:05", date(2026, 2, 1), date(2026, 2, 1)),
        ("2026-03-04 02:00", date(2026, 3, 4), date(2026, 3, 3)),
        ("2026-03-04 02:00", date(2026, 3, 3), date(2026, 3, 3)),
        ("2026-03-03 13:05", date(2026, 3, 4), None),
        ("2026-03-04 02:00", date(2026, 3, 5), None),
    ],
)
def test_a_day_that_is_asked_for(now: str, asked: date, means: date | None) -> None:
    moment = local(now).astimezone(UTC)
    found = stretch(demo(), day=asked, now=moment)
    begun = found.day if found.begins <= moment else None
    assert begun == means, "after midnight today is what runs; what is ahead has not begun"


@pytest.mark.parametrize(
    ("now", "asked", "shift", "begins", "ends"),
    [
        ("2026-03-03 13:05", date(2026, 3, 2), "夜班", "2026-03-02 20:00", "2026-03-03 08:00"),
        ("2026-03-03 13:05", date(2026, 3, 2), "白班", "2026-03-02 08:00", "2026-03-02 20:00"),
        ("2026-03-03 13:05", None, "夜班", "2026-03-02 20:00", "2026-03-03 08:00"),
        ("2026-03-03 21:00", None, "夜班", "2026-03-03 20:00", "2026-03-04 08:00"),
        ("2026-03-04 02:00", None, "夜班", "2026-03-03 20:00", "2026-03-04 08:00"),
        ("2026-03-04 02:00", date(2026, 3, 4), "夜班", "2026-03-03 20:00", "2026-03-04 08:00"),
        ("2026-03-03 13:05", date(2026, 3, 3), "夜班", "2026-03-03 20:00", "2026-03-04 08:00"),
        ("2026-03-03 13:05", date(2026, 3, 2), "", "2026-03-02 08:00", "2026-03-03 08:00"),
    ],
)
def test_a_shift_that_is_asked_for(now: str, asked: date | None, shift: str, begins: str, ends: str) -> None:
    found = stretch(demo(), day=asked, shift=shift, now=local(now).astimezone(UTC))
    assert (found.begins, found.ends) == (local(begins).astimezone(UTC), local(ends).astimezone(UTC))
    assert found.shift == shift


@pytest.mark.parametrize(
    ("now", "asked", "begins"),
    [
        ("2026-03-03 13:05", date(2026, 3, 2), "2026-03-02 20:00"),
        ("2026-03-04 02:00", date(2026, 3, 3), "2026-03-03 20:00"),
        ("2026-03-04 02:00", date(2026, 3, 4), "2026-03-03 20:00"),
    ],
)
def test_the_evening_of_a_day_is_its_night_shift(now: str, asked: date, begins: str) -> None:
    found = stretch(demo(), day=asked, evening=True, now=local(now).astimezone(UTC))
    assert (found.shift, found.begins) == ("夜班", local(begins).astimezone(UTC))
    by_day = demo().model_copy(update={"shifts": tuple(it for it in demo().shifts if it.code != "night")})
    found = stretch(by_day, day=date(2026, 3, 2), evening=True, now=local(now).astimezone(UTC))
    assert (found.shift, found.begins) == ("", local("2026-03-02 08:00").astimezone(UTC))


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 3, 3), date(2026, 3, 2)),
        (date(2026, 3, 9), date(2026, 3, 6)),
        (date(2026, 10, 8), date(2026, 9, 30)),
    ],
)
def test_the_last_day_that_worked(today: date, last: date) -> None:
    assert worked_before(plant(), today) == last, "weekends and holidays are skipped"


def test_a_plant_that_never_works_has_a_yesterday_all_the_same() -> None:
    resting = demo().model_copy(update={"shifts": ()})
    assert worked_before(resting, date(2026, 3, 3)) == date(2026, 3, 2)
