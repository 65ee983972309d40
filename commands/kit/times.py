"""Slot types for when: 明天, 周五 17:00, 12-01, 昨晚."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from commands.kit.durations import NUMBER, UNIT, seconds_in
from commands.kit.numerals import number
from commands.kit.slots import Match, SlotType

if TYPE_CHECKING:
    from commands.kit.sentence import Sentence

_RELATIVE = MappingProxyType(
    {
        "大前天": -3,
        **dict.fromkeys(("前天", "前晚"), -2),
        **dict.fromkeys(("昨天", "昨日", "昨晚", "昨夜"), -1),
        **dict.fromkeys(("今天", "今日", "今早", "今晚", "今夜"), 0),
        **dict.fromkeys(("明天", "明日", "明早", "明晚"), 1),
        "后天": 2,
        "大后天": 3,
    }
)
_WEEKDAYS = MappingProxyType(
    {
        char: at
        for at, chars in enumerate(["一1", "二2", "三3", "四4", "五5", "六6", "日天7"])
        for char in chars
    }
)
_DAY = (
    r"(?P<relative>大前天|大后天|前天|昨天|昨日|今天|今日|明天|明日|后天|昨晚|昨夜|前晚|今晚|今夜|明早|明晚|今早)"
    r"|(?P<week>上|下|下下|本|这)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-7])"
    r"|(?<![a-z0-9._/:\-])(?:(?P<year>20\d\d)[-/.年])?(?P<month>1[0-2]|0?[1-9])(?:[-/]|月)"
    r"(?P<day>3[01]|[12]\d|0?[1-9])[日号]?(?![\d\-/a-z])"
)
_HALF = r"凌晨|早上|上午|中午|下午|傍晚|晚上|夜里"
_CLOCK = (
    rf"(?P<half>{_HALF})? ?(?:(?P<hour>2[0-4]|[01]?\d):(?P<minute>[0-5]\d)(?!\d)"
    r"|(?P<oclock>2[0-4]|[01]?\d|[一二三四五六七八九十两]{1,3})[点时]"
    r"(?:(?P<past>半|一刻|三刻|[0-5]?\d分?)|整)?)"
)
_WHEN = re.compile(
    rf"(?:(?:{_DAY}) ?的? ?(?:{_CLOCK}|(?P<alone>{_HALF}))?"
    rf"|(?<![a-z0-9._/:\-]){_CLOCK.replace('?P<', '?P<t_')})"
)
_AFTER = re.compile(rf"({NUMBER}|半)个?(半)?({UNIT})(?:以?后|内)", re.IGNORECASE)
_DAYPARTS = MappingProxyType(
    {
        "凌晨": time(5),
        "早上": time(8),
        "上午": time(12),
        "中午": time(12),
        "下午": time(17),
        "傍晚": time(18),
        "晚上": time(20),
        "夜里": time(23),
    }
)
_PM = frozenset({"下午", "傍晚", "晚上", "夜里"})
_EVENINGS = frozenset({"昨晚", "昨夜", "前晚", "今晚", "今夜", "明晚"})
_NIGHT = frozenset({"晚上", "夜里"})
END_OF_DAY = time(23, 59)
NOON = 12
LONG_OVER = timedelta(days=60)
EVENING = "晚上"


class Evening(date):
    """A day of which only the evening is meant, and the night that begins with it: 昨晚."""


@dataclass(frozen=True)
class Moment(SlotType):
    """A point in time (aware datetime of the plant's zone); a day alone means its end, 23:59.

    Where it lies `ahead`, a month and day that are long over this year are next year's.
    """

    turn: int = 32
    ahead: bool = False

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield moments; weekdays and bare hours mean the next ones."""
        for found in _AFTER.finditer(sentence.head):
            seconds = seconds_in(found[0])
            if seconds is not None:
                at = (sentence.now + timedelta(seconds=seconds)).replace(second=0, microsecond=0)
                yield Match(found.start(), found.end(), at)
        for found in _WHEN.finditer(sentence.head):
            at_ = _moment(found, sentence.now)
            if at_ is not None:
                at_ = _next_year(at_, found, sentence.now) if self.ahead else at_
                yield Match(found.start(), found.start() + len(found[0].rstrip()), at_)

    def say(self, value: Any) -> str:
        """Return year, day and hour."""
        return f"{value:%Y-%m-%d %H:%M}"

    def dump(self, value: Any) -> str:
        """Return ISO time."""
        return str(value.isoformat())

    def load(self, text: str) -> Any:
        """Return the datetime again."""
        return datetime.fromisoformat(text)


@dataclass(frozen=True)
class CalendarDay(Moment):
    """A day (date): 昨天, 周五, 12-01; a weekday means the next one, a plain month and day the nearest.

    Where it is `gone`, what is asked about has been: a weekday means the last one, today included; and
    昨晚 is an `Evening`.
    """

    gone: bool = False

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield days; an hour without a day is none."""
        for found in _WHEN.finditer(sentence.head):
            day = _day(found, sentence.now)
            if day is None:
                continue
            if self.gone and found["weekday"] and not found["week"] and day > sentence.now.date():
                day -= timedelta(days=7)
            if self.gone and (found["relative"] in _EVENINGS or found["alone"] in _NIGHT):
                day = Evening(day.year, day.month, day.day)
            yield Match(found.start(), found.start() + len(found[0].rstrip()), day)

    def dump(self, value: Any) -> str:
        """Return the ISO date, and that its evening is meant."""
        return f"{value.isoformat()}{EVENING if isinstance(value, Evening) else ''}"

    def say(self, value: Any) -> str:
        """Return the same: it is understood again."""
        return self.dump(value)

    def load(self, text: str) -> Any:
        """Return the date again."""
        day = text.removesuffix(EVENING)
        return (date if day == text else Evening).fromisoformat(day)


def _moment(found: "re.Match[str]", now: datetime) -> datetime | None:
    day, hour = _day(found, now), _clock(found)
    if day is None:
        if hour is None:
            return None
        return _next(hour, now, half_known=not found["t_oclock"] or bool(found["t_half"]))
    at = datetime.combine(day, hour or _default_hour(found), now.tzinfo)
    same_weekday = found["weekday"] and not found["week"] and day == now.date()
    return at + timedelta(days=7) if same_weekday and at <= now else at


def _next_year(at: datetime, found: "re.Match[str]", now: datetime) -> datetime:
    long_over = found["month"] and not found["year"] and at < now - LONG_OVER
    if not long_over or not _exists(at.year + 1, at.month, at.day):
        return at
    return at.replace(year=at.year + 1)


def _next(hour: time, now: datetime, *, half_known: bool) -> datetime:
    """Return when the clock next shows `hour`; 三点 without 上午 or 下午 is the nearer of the two."""
    at = datetime.combine(now.date(), hour, now.tzinfo)
    step = timedelta(days=1) if half_known or hour.hour > NOON else timedelta(hours=NOON)
    while at <= now:
        at += step
    return at


def _default_hour(found: "re.Match[str]") -> time:
    word = "晚上" if found["relative"] in _EVENINGS else found["alone"] or ""
    return _DAYPARTS.get(word, END_OF_DAY)


def _day(found: "re.Match[str]", now: datetime) -> date | None:
    today = now.date()
    try:
        if found["relative"]:
            word = found["relative"]
            return today + timedelta(days=_RELATIVE[word])
        if found["weekday"]:
            return _weekday(today, week=found["week"] or "", weekday=_WEEKDAYS[found["weekday"]])
        if found["month"]:
            return _date(today, year=found["year"], month=int(found["month"]), day=int(found["day"]))
    except (ValueError, OverflowError):
        return None
    return None


def _weekday(today: date, *, week: str, weekday: int) -> date:
    monday = today - timedelta(days=today.weekday())
    if not week:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    weeks = {"上": -1, "下": 1, "下下": 2}.get(week, 0)
    return monday + timedelta(days=weekday, weeks=weeks)


def _date(today: date, *, year: str | None, month: int, day: int) -> date:
    if year:
        return date(int(year), month, day)
    near = [
        date(today.year + shift, month, day)
        for shift in (-1, 0, 1)
        if _exists(today.year + shift, month, day)
    ]
    return min(near, key=lambda candidate: abs((candidate - today).days))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _clock(found: "re.Match[str]") -> time | None:
    parts = found.groupdict()
    half, hour, minute, oclock, past = (
        parts.get(name) or parts.get(f"t_{name}") for name in ("half", "hour", "minute", "oclock", "past")
    )
    value = number(hour or oclock or "")
    if value is None:
        return None
    hours = int(value) + (NOON if half in _PM or (found["relative"] in _EVENINGS) else 0) * (
        int(value) < NOON
    )
    minutes = int(minute) if minute else _past(past)
    return time(hours % 24, minutes) if hours <= 24 and minutes < 60 else None  # noqa: PLR2004 (a clock)


def _past(past: str | None) -> int:
    if not past:
        return 0
    named = {"半": 30, "一刻": 15, "三刻": 45}
    return named[past] if past in named else int(past.removesuffix("分"))
