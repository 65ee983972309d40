"""Slot types for numbers: pieces, amounts with a unit, percentages, numbers of answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from commands.kit.numerals import CHINESE_DIGITS, LONGEST, number
from commands.kit.sentence import Sentence
from commands.kit.slots import EXACT, LOOSE, PROBABLE, Match, Rank, SlotType

PIECES = ("个", "件", "片", "只", "块", "台", "套", "支", "pcs", "pc", "ea")
MEASURES = MappingProxyType(
    {
        **{unit: unit for unit in ("盘", "卷", "箱", "包", "张", "根", "条", "颗", "粒", "瓶", "罐", "桶")},
        "米": "米",
        "m": "米",
        "厘米": "cm",
        "cm": "cm",
        "毫米": "mm",
        "mm": "mm",
        "公斤": "kg",
        "千克": "kg",
        "kg": "kg",
        "克": "g",
        "g": "g",
        "升": "升",
        "l": "升",
    }
)
_UNITS = sorted((*PIECES, *MEASURES), key=len, reverse=True)
_LONG = "|".join(unit for unit in _UNITS if len(unit) > 1)
UNIT = f"{_LONG}|[{''.join(unit for unit in _UNITS if len(unit) == 1)}]"
MOST_CHINESE = 32  # Chinese numerals that one message may hold
LONG_NUMBER = 6  # digits from which a bare number may rather be a lot or a serial

_SIGNS = f"{CHINESE_DIGITS}半"
_POINT = rf"(?:点[{CHINESE_DIGITS}]{{1,6}})?"
_CHINESE = rf"[{_SIGNS}]{{1,{LONGEST}}}{_POINT}"
_IN_DIGITS = r"(?<=\d)(?<![a-z\d._/#\-第]\d)\d{0,11}+(?:\.\d{1,6}+)?[百千万]?"  # no tail of a code
_IN_SIGNS = rf"(?<!\d)(?<!\d[百千万])[{_SIGNS}]{{0,{LONGEST - 1}}}{_POINT}"  # no tail of 5万
# It begins with a class: so the engine leaps from one numeral to the next, and looks closer only there.
_NUMBER = re.compile(
    rf"([\d{_SIGNS}](?:{_IN_DIGITS}|{_IN_SIGNS}))"
    rf"(?![-/:.]\d|,\d{{3}}(?!\d))( ?(?:{UNIT})|)(?![a-z0-9%])"
)
_BEFORE = ("了", "是", "有", "共", "数", "量", "为", "成", "完", "达", "到")
_AFTER = ("的", "了", "吧", "啊", "已", "都", "全", "完", "做", "是", "和", "另", "还", "其", "一共", "共")
_TYING = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._/#-第:,")
_THOUSANDS = re.compile(r"\d{3}(?!\d)")
_UNLUCKY = ("百", "千", "万", "亿", "零零")  # 万一, 千万: words, not numbers


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the unit in which it was said; no unit means the thing's own."""

    number: Decimal
    unit: str = ""

    def __str__(self) -> str:
        return f"{plain(self.number)}{self.unit}"


def plain(value: Decimal) -> str:
    """Return a decimal without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Counted(SlotType):
    """A number of pieces (Decimal); a number with another unit (盘, 米, kg) is none."""

    turn: int = 60

    def matches(self, sentence: Sentence) -> list[Match]:
        """Return numbers that are no part of a code, a time or a word."""
        return [
            Match(start, end, value, rank)
            for start, end, value, unit, rank in numbers(sentence)
            if not unit or unit in PIECES
        ]

    def dump(self, value: Any) -> str:
        """Return plain digits."""
        return plain(Decimal(value))

    def load(self, text: str) -> Any:
        """Return the Decimal again."""
        return Decimal(text)


@dataclass(frozen=True)
class Measured(Counted):
    """An `Amount`: number and unit."""

    def matches(self, sentence: Sentence) -> list[Match]:
        """Return numbers with whatever unit they were said in."""
        return [
            Match(start, end, Amount(value, PIECES[0] if unit in PIECES else MEASURES.get(unit, unit)), rank)
            for start, end, value, unit, rank in numbers(sentence)
        ]

    def dump(self, value: Any) -> str:
        """Return digits and unit."""
        return str(value)

    def load(self, text: str) -> Any:
        """Return the Amount again."""
        digits = re.match(r"[\d.]+", text)
        return Amount(Decimal(digits[0]), text[digits.end() :]) if digits else Amount(Decimal(0), text)


@dataclass(frozen=True)
class Percentage(SlotType):
    """5 %, 百分之五: the Decimal 0.05."""

    turn: int = 45

    _form = re.compile(
        rf"(?<![a-z0-9.\-])(\d{{1,3}}(?:\.\d{{1,4}})?) ?%|百分之({_CHINESE}|\d{{1,3}}(?:\.\d+)?)"
    )

    def matches(self, sentence: Sentence) -> Iterator[Match]:
        """Yield shares."""
        for found in self._form.finditer(sentence.head):
            value = number(found[1] or found[2])
            if value is not None:
                yield Match(found.start(), found.end(), value / 100)

    def say(self, value: Any) -> str:
        """Return 5%."""
        return f"{plain(Decimal(value) * 100)}%"

    def load(self, text: str) -> Any:
        """Return the Decimal again."""
        return Decimal(text)


@dataclass(frozen=True)
class Numbered(SlotType):
    """The short number of an answer: #12 or 12 (int)."""

    turn: int = 40

    _form = re.compile(
        r"(?<![a-z0-9._/#\-第])(?<!\d:)(?:# ?(\d{1,9})(?![a-z0-9.])|(\d{1,9})(?![a-z0-9.%]|[-/:]\d))"
        r"|(?<=第)(\d{1,9})(?=页)"
    )

    def matches(self, sentence: Sentence) -> Iterator[Match]:
        """Yield #12 and 第 12 页 as exact, a bare 12 as probable."""
        for found in self._form.finditer(sentence.head):
            sure = found[1] or found[3]
            if sure or sentence.closes(found.end(), before=("号",)):
                yield Match(found.start(), found.end(), int(sure or found[2]), EXACT if sure else PROBABLE)

    def say(self, value: Any) -> str:
        """Return #12."""
        return f"#{value}"

    def load(self, text: str) -> Any:
        """Return the number again."""
        return int(text)


@dataclass(frozen=True)
class Nth(SlotType):
    """Which one of a list: 第 2 项, 第二项 (int)."""

    _form = re.compile(rf"第 ?(\d{{1,3}}|[{CHINESE_DIGITS}]{{1,3}}) ?项")

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield the places."""
        for found in self._form.finditer(sentence.head):
            value = number(found[1])
            if value is not None:
                yield Match(found.start(), found.end(), int(value))

    def say(self, value: Any) -> str:
        """Return 第 2 项."""
        return f"第{value}项"

    def load(self, text: str) -> Any:
        """Return the number again."""
        return int(text)


def numbers(sentence: Sentence) -> Iterator[tuple[int, int, Decimal, str, Rank]]:
    """Yield (start, end, number, unit as said, rank) of every number that stands by itself in the head."""
    text, tries = sentence.head, 0
    for found in _NUMBER.finditer(text):
        start, end = found.span()
        if start and text[start - 1] in _TYING and _ends_something(text, start):
            continue
        numeral, unit = found.groups()
        if unit and sentence.is_within_name(end):
            unit, end = "", found.end(1)
        if not sentence.closes(end, before=_AFTER):
            continue
        if numeral[0] in _SIGNS:
            tries += 1
            if tries > MOST_CHINESE:
                return
            if numeral.startswith(_UNLUCKY) or not sentence.opens(start, after=_BEFORE):
                continue
        value = number(numeral)
        if value is not None:
            long = len(numeral) >= LONG_NUMBER and numeral.isdigit()
            yield start, end, value, unit.strip(), EXACT if unit else LOOSE if long else PROBABLE


def _ends_something(text: str, start: int) -> bool:
    """Say whether a number at `start` is the tail of a code, a time (17:00) or a thousand (1,000)."""
    last = text[start - 1]
    if last not in ":,":
        return True
    if not text[start - 2 : start - 1].isdigit():
        return False
    return last == ":" or _THOUSANDS.match(text, start) is not None
