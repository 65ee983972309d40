"""Slot type for how long something lasts: 15分钟, 半小时, 一个半小时."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from commands.kit.numerals import CHINESE_DIGITS, number
from commands.kit.slots import Match, SlotType

if TYPE_CHECKING:
    from commands.kit.sentence import Sentence

NUMBER = rf"(?:\d{{1,5}}(?:\.\d{{1,3}})?|[{CHINESE_DIGITS}]{{1,6}})"
_UNITS = MappingProxyType(
    {
        **dict.fromkeys(("天", "日", "d"), 86_400),
        **dict.fromkeys(("小时", "钟头", "h", "hr", "hour", "hours"), 3600),
        **dict.fromkeys(("分钟", "分", "min", "mins"), 60),
        **dict.fromkeys(("秒钟", "秒", "s", "sec"), 1),
        "刻钟": 900,
        "周": 604_800,
    }
)
UNIT = "天|小时|钟头|刻钟|分钟|分|秒钟|秒|周|hours|hour|hr|h|mins|min|sec|s|d"
_PART = re.compile(rf"({NUMBER}|半) ?个?(半)?({UNIT})(半(?![个小钟天]))?")
_DURATION = re.compile(
    rf"(?<![a-z0-9._/:#\-第下上])(?:{_PART.pattern} ?){{1,3}}(?![a-z0-9后内]|后|[-/:])", re.IGNORECASE
)


@dataclass(frozen=True)
class Lasting(SlotType):
    """A duration (timedelta): 15分钟, 2h, 半小时, 一个半小时, 1小时30分."""

    turn: int = 34

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield durations of at most ten years."""
        for found in _DURATION.finditer(sentence.head):
            end = found.start() + len(found[0].rstrip())
            seconds = seconds_in(found[0])
            if seconds is not None and sentence.opens(
                found.start(), after=("了", "约", "停", "等", "前", "要", "是")
            ):
                yield Match(found.start(), end, timedelta(seconds=seconds))

    def say(self, value: Any) -> str:
        """Return minutes, hours or days, whichever is exact."""
        seconds = round(value.total_seconds())
        for name, size in (("天", 86_400), ("小时", 3600), ("分钟", 60)):
            if seconds and seconds % size == 0:
                return f"{seconds // size}{name}"
        return f"{seconds}秒"

    def dump(self, value: Any) -> str:
        """Return seconds."""
        return str(value.total_seconds())

    def load(self, text: str) -> Any:
        """Return the timedelta again."""
        return timedelta(seconds=float(text))


def seconds_in(text: str) -> float | None:
    """Return how long the duration in a text lasts; None where it is none, or longer than ten years."""
    total = 0.0
    for found in _PART.finditer(text):
        count = number(found[1])
        if count is None:
            return None
        halves = 0.5 * bool(found[2]) + 0.5 * bool(found[4])
        total += (float(count) + halves) * _UNITS[found[3].lower()]
    return total if 0 < total <= 10 * 366 * 86_400 else None
