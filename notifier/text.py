"""Words: Chinese is the source, other languages come from gettext catalogues; and how things are written.

`_` marks and translates at the moment of speaking; the language is the reader's (`speaking`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import polib

from domain.models.columns import tidy

SOURCE = "zh_CN"
LOCALES = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default=SOURCE)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return a language's sentences by their Chinese source."""
    path = LOCALES / language / "LC_MESSAGES" / "banzhang.po"
    if language == SOURCE or not path.exists():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.msgstr}


def languages() -> list[str]:
    """Return every language there is, the source first."""
    return [SOURCE, *sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/banzhang.po"))]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language inside the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def _(text: str) -> str:
    """Translate a Chinese sentence into the reader's language; unknown sentences stay Chinese."""
    return catalogue(_language.get()).get(text, text)


def listed(words: Iterable[str]) -> str:
    """Write several things in a row: 焊接、组装."""
    return _("、").join(words)


def number(value: Decimal | int) -> str:
    """Write a quantity: 50, 1,200, 0.5."""
    return f"{tidy(Decimal(value)):,f}"


def moment(at: datetime, zone: ZoneInfo, *, today: datetime | None = None) -> str:
    """Write a time of the plant's zone: 10:42 today, else 11-20 10:42."""
    local = at.astimezone(zone)
    same_day = today is not None and today.astimezone(zone).date() == local.date()
    return f"{local:%H:%M}" if same_day else f"{local:%m-%d %H:%M}"


_JUST_NOW = timedelta(minutes=1)


def span(length: timedelta) -> str:
    """Write a duration: 5 分钟, 1 小时 20 分钟, 2 天, 不到 1 分钟."""
    minutes = max(0, round(length.total_seconds() / 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, _("天")), (hours, _("小时")), (left if not days else 0, _("分钟"))]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or _("不到 1 分钟")


def waited(length: timedelta) -> str:
    """Write how long something waits; nothing for what came just now."""
    return _("已等 {span}").format(span=span(length)) if length >= _JUST_NOW else ""
