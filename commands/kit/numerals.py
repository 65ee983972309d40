"""Numbers as the shop floor says them: 50, 1.5万, 五十, 两百三, 半, 俩, 百分之五."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType

CHINESE_DIGITS = "零一二三四五六七八九两俩仨十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
LONGEST = 16  # characters of one Chinese numeral

_FIXED = MappingProxyType({"半": Decimal("0.5"), "俩": Decimal(2), "仨": Decimal(3), "一半": Decimal("0.5")})
_SCALE = MappingProxyType({"百": 100, "千": 1000, "万": 10_000})
_ARABIC = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)([百千万])?")
_CHINESE = re.compile(f"[{CHINESE_DIGITS}]{{1,{LONGEST}}}")
_HAS_VALUE = re.compile(r"[零一二三四五六七八九两廿卅壹贰叁肆伍陆柒捌玖十]")
_PERCENT = "百分之"


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal | None:
    """Return the value of one whole numeral (normalised text), or None if it is none; never raises."""
    if text in _FIXED:
        return _FIXED[text]
    if text.startswith(_PERCENT):
        part = number(text.removeprefix(_PERCENT))
        return None if part is None else part / 100
    if arabic := _ARABIC.fullmatch(text):
        return Decimal(arabic[1]) * _SCALE.get(arabic[2] or "", 1)
    whole, dot, digits = text.partition("点")
    if not dot:
        return _chinese(text)
    before, after = _chinese(whole), [_chinese(char) for char in digits[:6]]
    if before is None or not after or any(value is None or value > 9 for value in after):  # noqa: PLR2004 (digits)
        return None
    return _joined(before, [int(value) for value in after if value is not None])


def _joined(before: Decimal, digits: list[int]) -> Decimal | None:
    try:
        return Decimal(f"{before}.{''.join(map(str, digits))}")
    except InvalidOperation:
        return None


def _chinese(text: str) -> Decimal | None:
    text = text.replace("卅", "三十").replace("俩", "两")
    if not _CHINESE.fullmatch(text) or not _HAS_VALUE.search(text):
        return None
    from cn2an import cn2an  # noqa: PLC0415 (a fifth of a second of every start)

    try:
        return Decimal(int(cn2an(text, "smart")))
    except (ValueError, KeyError, IndexError):
        return None
