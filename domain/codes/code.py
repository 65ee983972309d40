"""What a scanned text turned out to be: Code, Plain, Ambiguous or Unreadable."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """What a code stands for."""

    ORDER = "order"
    STATION = "station"
    EQUIPMENT = "equipment"
    PERSON = "person"
    LOCATION = "location"
    CONTAINER = "container"
    LOT = "lot"
    SERIAL = "serial"
    PART = "part"  # a label that names a part but no lot (distributors' bags)
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Which format a code was written in."""

    OWN = "own"
    GS1 = "gs1"
    DIGITAL_LINK = "digital_link"
    LABEL = "label"  # ISO 15434 envelope, ANSI MH10.8.2 data identifiers
    LCSC = "lcsc"


Doubt = Literal["no_check", "separators"]
Fault = Literal["empty", "too_long", "not_text", "version", "check", "fields", "format"]


@dataclass(frozen=True, kw_only=True)
class Code:
    """One understood code; an attribute that the code did not carry is empty or None.

    `value` names the thing of `kind` (order number, lot number, ...). `material` is the part number of the
    reader (the customer), `supplier_part` that of the maker, `sku` that of the seller. `unit` is empty
    where the code does not say it. `date_code` is as printed; `made` and `expires` only where its format is
    certain. `fields` are all elements as read: (identifier, value). `sender` is the profile that applied.
    `repaired`: separators, case or width of the characters had been damaged and are mended.
    """

    kind: Kind
    value: str
    source: Source
    raw: str
    material: str = ""
    supplier_part: str = ""
    supplier: str = ""
    sku: str = ""
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    package: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    date_code: str = ""
    made: date | None = None
    expires: date | None = None
    order: str = ""
    order_line: str = ""
    packing_list: str = ""
    country: str = ""
    operation: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    sender: str = ""
    repaired: bool = False


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A text in no format we know: a lot, a serial, an order number as somebody printed it; look it up."""

    text: str
    raw: str


@dataclass(frozen=True, kw_only=True)
class Ambiguous:
    """Readings of which none is certain, likeliest first: a person (or the database) must confirm one."""

    candidates: tuple[Code, ...]
    reason: Doubt
    raw: str


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A text that cannot be a code, or one in a format that we know, broken beyond certain repair."""

    reason: Fault
    raw: str


Reading = Code | Plain | Ambiguous | Unreadable


def one_or_ask(candidates: tuple[Code, ...], *, raw: str, certain: bool) -> Reading:
    """Return the only candidate if that is certain, else ask; nothing found is broken fields."""
    if not candidates:
        return Unreadable(reason="fields", raw=raw)
    if certain and len(candidates) == 1:
        return replace(candidates[0], repaired=True)
    return Ambiguous(candidates=candidates, reason="separators", raw=raw)
