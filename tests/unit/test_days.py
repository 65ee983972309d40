"""Which day a digest speaks of: after midnight still the old one, on Monday the last that worked."""

from datetime import UTC, date

import pytest

from notifier.digests.days import beginning, day_of, day_on, worked_before
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
    found = day_on(demo(), asked, now=moment)
    assert (found and day_of(demo(), found)[0]) == means, (
        "after midnight today is what runs; ahead is nothing"
    )


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
