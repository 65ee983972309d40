"""ANSI MH10.8.2 data identifiers as EIGP 114 and the makers of reels use them, and what they say."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

# identifier -> (attribute of Code or "", longest value, shape). Lengths: EIGP 114.2018; meanings: MH10.8.2.
_ANY, _NUMBER, _WORD = r".+", r"\d{1,9}(?:\.\d{1,6})?", r"\S+"
IDENTIFIERS: dict[str, tuple[str, int, str]] = {
    "P": ("material", 40, _ANY),
    "1P": ("supplier_part", 40, _ANY),
    "2P": ("", 20, _WORD),  # revision
    "30P": ("sku", 40, _ANY),  # DigiKey; others otherwise: see the profiles
    "31P": ("", 40, _ANY),
    "3P": ("sku", 40, _ANY),  # Farnell
    "33P": ("", 25, _WORD),  # bin code
    "Q": ("quantity", 18, _NUMBER + r"(?:[A-Z]{2,3}\d{0,6})?"),  # UAES: 3000NAR000
    "3Q": ("unit", 3, _WORD),
    "7Q": ("", 16, _WORD),  # quantity with its unit code: weight
    "13Q": ("", 12, _WORD),  # n of m
    "9D": ("date_code", 8, r"\d{4,8}|N/T|MIXED"),
    "10D": ("date_code", 8, r"\d{4,8}|N/T|MIXED"),
    "11D": ("date_code", 8, r"\d{4,8}"),
    "6D": ("", 11, r"\d{6,8}.*"),  # ship date
    "14D": ("expires", 8, r"\d{8}"),
    "16D": ("made", 8, r"\d{8}"),
    "T": ("", 30, _WORD),  # the customer's traceability number
    "1T": ("lot", 30, _ANY),
    "31T": ("", 30, _WORD),
    "4L": ("country", 40, r"[A-Z]{2,3}"),
    "K": ("order", 25, _ANY),
    "4K": ("order_line", 10, _WORD),
    "14K": ("order_line", 10, _WORD),
    "1K": ("", 25, _WORD),  # the seller's order
    "10K": ("", 25, _WORD),  # invoice
    "11K": ("packing_list", 25, _WORD),
    "16K": ("packing_list", 35, _WORD),
    "S": ("serial", 25, _WORD),
    "3S": ("package", 25, _WORD),
    "4S": ("package", 25, _WORD),
    "5S": ("package", 25, _WORD),
    "J": ("package", 35, _WORD),
    "1J": ("package", 35, _WORD),
    "6J": ("package", 35, _WORD),
    "V": ("supplier", 20, _WORD),
    "1V": ("supplier", 40, _ANY),
    "12V": ("supplier", 13, r"\d{9,13}"),
    "10V": ("", 20, _WORD),
    "E": ("", 20, _WORD),  # RoHS
    "Z": ("", 60, _ANY),
    "3Z": ("", 60, _ANY),  # moisture sensitivity
    "11Z": ("", 20, _WORD),
    "12Z": ("", 40, _WORD),
    "13Z": ("", 20, _WORD),
    "20Z": ("", 1000, r"0+"),  # DigiKey's padding
}
for _di in ("6P", "12S", "20P", "20T", "2T", "1Z", "20L", "21L", "22L", "23L", "13D", "14Q", "15Q"):
    IDENTIFIERS[_di] = ("", 60, _WORD)
ATTRIBUTES = frozenset(attribute for attribute, _, _ in IDENTIFIERS.values())

_FIELD = re.compile(r"(\d{0,3}[A-Z])(.*)", re.DOTALL)
_SHAPES = {di: re.compile(shape) for di, (_, _, shape) in IDENTIFIERS.items()}


@dataclass(frozen=True)
class Field:
    """One element of a label: data identifier and value."""

    di: str
    value: str

    @property
    def well_formed(self) -> bool:
        """Is the identifier known and the value of its shape and length?"""
        known = IDENTIFIERS.get(self.di)
        return (
            known is not None and len(self.value) <= known[1] and bool(_SHAPES[self.di].fullmatch(self.value))
        )


def field_of(text: str) -> Field | None:
    """Split `1PABC` into identifier and value; None without an identifier or with nothing after it."""
    found = _FIELD.fullmatch(text)
    return Field(found[1], found[2].strip()) if found and found[2].strip() else None


def number(text: str) -> Decimal | None:
    """Return an exact decimal of plain ASCII digits, None for anything else."""
    return Decimal(text) if re.fullmatch(_NUMBER, text, re.ASCII) else None


def day(text: str, *, form: str) -> date | None:
    """Return the day that a date code names (YYWW, YYYYWW, YYMMDD or YYYYMMDD); a week is its Monday."""
    if not (text.isascii() and text.isdigit() and len(text) == len(form)):
        return None
    century = "" if form.startswith("YYYY") else "20"
    try:
        if form.endswith("WW"):
            return date.fromisocalendar(int(century + text[:-2]), int(text[-2:]), 1)
        return datetime.strptime(century + text, "%Y%m%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None
