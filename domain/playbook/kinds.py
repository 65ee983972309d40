"""The kinds of value that stand in a playbook: codes, references, durations, days, hours, shares, secrets."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

WEEK = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WORKDAYS = (0, 1, 2, 3, 4)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
DAY_NAMES = {
    **{name: number for number, name in enumerate(WEEK)},
    **{name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    "周天": 6,
}
DAY_GROUPS = {"每天": EVERY_DAY, "工作日": WORKDAYS, "周末": (5, 6)}
SECONDS = {
    **dict.fromkeys(("d", "天"), 86400),
    **dict.fromkeys(("h", "小时", "时"), 3600),
    **dict.fromkeys(("m", "min", "分钟", "分"), 60),
    **dict.fromkeys(("s", "秒"), 1),
}
DURATION_PART = re.compile(r"(\d{1,6})\s*(天|小时|时|分钟|分|秒|min|d|h|m|s)\s*")
SECRET = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:/\S+)")


class Rule(BaseModel):
    """What every part of a playbook is: frozen, and strict about field names."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True)
class Ref:
    """Marks a field whose text must be declared in one of these sections of the playbook."""

    sections: tuple[str, ...]


def _plain(raw: object) -> str:
    return unicodedata.normalize("NFKC", str(raw)).strip()


def _duration(raw: Any) -> Any:
    if isinstance(raw, timedelta):
        return raw
    text = _plain(raw).lower()
    parts = list(DURATION_PART.finditer(text))
    if not parts or "".join(part.group(0) for part in parts) != text:
        raise PydanticCustomError("duration", "a duration is written 15m, 2h or 30分钟")
    return timedelta(seconds=sum(int(part.group(1)) * SECONDS[part.group(2)] for part in parts))


def _span(text: str) -> list[int]:
    first, last = (DAY_NAMES[end.strip()] for end in re.split(r"[-~至到]", text, maxsplit=1))
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _day(word: str) -> list[int]:
    if word in DAY_GROUPS:
        return list(DAY_GROUPS[word])
    if word in DAY_NAMES:
        return [DAY_NAMES[word]]
    return _span(word)


def _days(raw: Any) -> Any:
    words = raw if isinstance(raw, list | tuple) else re.split(r"[,、\s]+", _plain(raw))
    if words and all(isinstance(word, int) for word in words):
        return tuple(words)
    wrong = PydanticCustomError("days", "days are written [周一, 周三], 周一-周六, 工作日 or 每天")
    try:
        found = {number for word in words for number in _day(_plain(word).lower())}
    except (KeyError, ValueError) as error:
        raise wrong from error
    if not found:
        raise wrong
    return tuple(sorted(found))


def _clock(raw: Any) -> Any:
    if isinstance(raw, time):
        return raw
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", _plain(raw))
    if not match or int(match[1]) > 24 or int(match[2]) > 59 or (match[1] == "24" and match[2] != "00"):  # noqa: PLR2004 (a day's 24 hours, an hour's 60 minutes)
        raise PydanticCustomError("clock", "an hour is written 08:00, at most 24:00")
    return time(int(match[1]) % 24, int(match[2]))


def _share(raw: Any) -> Any:
    text = _plain(raw)
    try:
        share = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation as error:
        raise PydanticCustomError("share", "a share is written 5% or 0.05") from error
    if not share.is_finite() or not 0 <= share <= 1:
        raise PydanticCustomError("share", "a share is written 5% or 0.05")
    return share


def _secret(raw: str) -> str:
    if not SECRET.fullmatch(raw):
        raise PydanticCustomError("secret", "a secret is a reference: env:NAME or file:/path")
    return raw


def _zone(raw: str) -> str:
    try:
        ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PydanticCustomError("zone", "no such time zone") from error
    return raw


def _pattern(raw: str) -> str:
    try:
        re.compile(raw)
    except re.error as error:
        raise PydanticCustomError("regex", "not a regular expression") from error
    return raw


Code = Annotated[str, StringConstraints(pattern=r"^[\w.\-]{1,64}$")]
"""A short code: letters, digits, 汉字, dot, dash, underscore."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""Written 15m, 2h, 1h30m, 30分钟, 2天; a timedelta in the code."""
Days = Annotated[tuple[int, ...], BeforeValidator(_days)]
"""Written by day names; 0 is Monday, as in date.weekday()."""
Hour = Annotated[time, BeforeValidator(_clock)]
"""Local time of the site, to the minute; 24:00 is 00:00 of the next day."""
Share = Annotated[Decimal, BeforeValidator(_share)]
"""Written 5% or 0.05; a Decimal from 0 to 1."""
SecretRef = Annotated[str, AfterValidator(_secret)]
"""env:NAME or file:/path, never the value itself; `bot/settings.py` looks it up."""
Zone = Annotated[str, AfterValidator(_zone)]
Regex = Annotated[str, AfterValidator(_pattern)]

PersonRef = Annotated[str, Ref(("people",))]
DepartmentRef = Annotated[str, Ref(("departments",))]
ChatRef = Annotated[str, Ref(("chats",))]
RoleRef = Annotated[str, Ref(("roles",))]
ShiftRef = Annotated[str, Ref(("shifts",))]
LineRef = Annotated[str, Ref(("lines",))]
StationRef = Annotated[str, Ref(("stations",))]
OperationRef = Annotated[str, Ref(("operations",))]
LadderRef = Annotated[str, Ref(("ladders",))]
TimerRef = Annotated[str, Ref(("timers",))]
