"""The kinds of value: how people write durations, days, hours and shares."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.playbook.kinds import Days, Duration, Hour, Share

DURATIONS = [
    ("15m", timedelta(minutes=15)),
    ("0m", timedelta()),
    ("2h", timedelta(hours=2)),
    ("1h30m", timedelta(minutes=90)),
    ("1 h 30 m", timedelta(minutes=90)),
    ("３０分钟", timedelta(minutes=30)),
    ("2天", timedelta(days=2)),
    ("1小时", timedelta(hours=1)),
    ("45s", timedelta(seconds=45)),
]
DAYS = [
    ("每天", (0, 1, 2, 3, 4, 5, 6)),
    ("工作日", (0, 1, 2, 3, 4)),
    ("周一-周六", (0, 1, 2, 3, 4, 5)),
    ("周五至周一", (0, 4, 5, 6)),
    (["周一", "周三"], (0, 2)),
    ("周日、周二", (1, 6)),
    (["Mon", "SUN"], (0, 6)),
    ("工作日 周六", (0, 1, 2, 3, 4, 5)),
]
HOURS = [("08:00", time(8)), ("8:05", time(8, 5)), ("24:00", time(0)), ("２０：３０", time(20, 30))]
SHARES = [("5%", Decimal("0.05")), ("0.05", Decimal("0.05")), ("0", Decimal(0)), ("100%", Decimal(1))]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [(Duration, *case) for case in DURATIONS]
    + [(Days, *case) for case in DAYS]
    + [(Hour, *case) for case in HOURS]
    + [(Share, *case) for case in SHARES],
)
def test_is_read_as(kind: Any, text: object, expected: object) -> None:
    assert TypeAdapter(kind).validate_python(text) == expected


WRONG: list[tuple[Any, tuple[object, ...]]] = [
    (Duration, ("15", "", "m", "-5m", "1.5h", "半小时", "15mm", "15m x")),
    (Days, ("周八", "", "周一-", "1-5", [])),
    (Hour, ("25:00", "24:01", "8点", "08:60", "", "8")),
    (Share, ("101%", "-1%", "五", "nan", "inf", "")),
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in WRONG for text in texts])
def test_is_refused(kind: Any, text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@given(st.text(max_size=40), st.sampled_from([Duration, Days, Hour, Share]))
def test_nothing_but_a_refusal_comes_of_any_text(text: str, kind: Any) -> None:
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError as refused:
        assert refused.error_count() >= 1  # noqa: PT017 (either a value or a refusal, never another error)
