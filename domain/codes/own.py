"""Our own code text, version 1: `BZ1:<kind>:<value>[:<more>...]*<check>`, e.g. `BZ1:WO:WO-1001*19`.

| kind | stands for | fields after the kind |
|---|---|---|
| WO | order traveller | order, operation |
| ST | station | station |
| EQ | equipment | equipment |
| PS | badge | employee number |
| LC | location | location |
| CT | container, box, pallet | container |
| LT | lot label | lot, material, supplier, quantity, unit |
| SN | one serial-numbered piece | serial, material |

Empty fields at the end are left out. In a field, `%`, `:`, `*`, blanks and what cannot be printed are
percent-escaped as UTF-8 (`%3A`). The check is two characters of Crockford's base 32 over the UTF-8 bytes
before the `*`, read as the digits of a number to base 10 modulo the prime 1021: since 10 generates all
residues of 1021, every single wrong byte and every swap of two bytes within 1,020 bytes changes it.
Upper-case codes fit the compact alphanumeric mode of a QR symbol.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote, unquote

from domain.codes.code import Ambiguous, Code, Kind, Reading, Source, Unreadable

VERSION = 1
CHECK_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_PRIME, CHECK_BASE = 1021, 10
MAX_TEXT = 300
MAX_READ = MAX_TEXT + 60  # its check, and blanks that a chat has put in

LETTERS = {
    Kind.ORDER: "WO",
    Kind.STATION: "ST",
    Kind.EQUIPMENT: "EQ",
    Kind.PERSON: "PS",
    Kind.LOCATION: "LC",
    Kind.CONTAINER: "CT",
    Kind.LOT: "LT",
    Kind.SERIAL: "SN",
}
KINDS = {letters: kind for kind, letters in LETTERS.items()}
MORE: dict[Kind, tuple[str, ...]] = {
    Kind.ORDER: ("operation",),
    Kind.LOT: ("material", "supplier", "quantity", "unit"),
    Kind.SERIAL: ("material",),
}

_LOOKS_OWN = re.compile(r"BZ(\d{1,3})\s?[:;：；]", re.IGNORECASE)
_QUANTITY = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_COLONS = str.maketrans({";": ":", "：": ":", "；": ":", "＊": "*", "×": "*"})


def write(
    kind: Kind,
    value: str,
    *,
    operation: str = "",
    material: str = "",
    supplier: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
) -> str:
    """Return the text of our own code; ValueError if this kind has no code or does not carry such a field.

    `quantity` is at most 12 digits before and 6 after the point, never negative.
    """
    given = {
        "operation": operation,
        "material": material,
        "supplier": supplier,
        "quantity": "" if quantity is None else _quantity_text(quantity),
        "unit": unit,
    }
    names = MORE.get(kind, ())
    strange = sorted(name for name, text in given.items() if text and name not in names)
    if kind not in LETTERS or not value or strange:
        raise ValueError(f"no own code of kind {kind} with value {value!r} and {strange}")
    fields = [value, *(given[name] for name in names)]
    while not fields[-1]:
        fields.pop()
    body = ":".join([f"BZ{VERSION}", LETTERS[kind], *(_escape(field) for field in fields)])
    if len(body) > MAX_TEXT:
        raise ValueError(f"too long for a label: {len(body)} characters of {MAX_TEXT}")
    return f"{body}*{check(body)}"


def check(body: str) -> str:
    """Return the two check characters of what stands before the `*`."""
    number = 0
    for byte in body.encode(errors="surrogatepass"):
        number = (number * CHECK_BASE + byte) % CHECK_PRIME
    number = number * CHECK_BASE % CHECK_PRIME
    return CHECK_LETTERS[number >> 5] + CHECK_LETTERS[number & 31]


def read_own(text: str, *, raw: str) -> Reading | None:
    """Return the reading of our own code, None if the text does not begin like one."""
    looks = _LOOKS_OWN.match(unicodedata.normalize("NFKC", text[:16]))
    if looks is None:
        return None
    if int(looks[1]) != VERSION or len(text) > MAX_READ:
        return Unreadable(reason="version" if int(looks[1]) != VERSION else "too_long", raw=raw)
    for attempt in _repairs(text):
        body, star, given = attempt.rpartition("*")
        if star and given == check(body):
            code = _code(body, raw=raw)
            return replace(code, repaired=attempt != text) if code else Unreadable(reason="fields", raw=raw)
    narrow = unicodedata.normalize("NFKC", text).translate(_COLONS)
    unproven = _code(narrow, raw=raw)
    if "*" in narrow or unproven is None:
        return Unreadable(reason="check" if "*" in narrow else "fields", raw=raw)
    return Ambiguous(candidates=(unproven,), reason="no_check", raw=raw)


def _repairs(text: str) -> Iterator[str]:
    """Yield the text and what it was before usual damage; the check decides which is true."""
    narrow = unicodedata.normalize("NFKC", text)
    tight = "".join(narrow.split()).translate(_COLONS)
    tries = dict.fromkeys([text, text.translate(_COLONS), narrow, tight, tight.swapcase(), tight.upper()])
    yield from (attempt for attempt in tries if len(attempt) <= MAX_READ)


def _code(body: str, *, raw: str) -> Code | None:
    head, letters, *fields = (body + "::").split(":")
    kind = KINDS.get(letters.upper())
    if kind is None or head.upper() != f"BZ{VERSION}":
        return None
    values = [_unescape(field) for field in fields[:-2]]
    names = MORE.get(kind, ())
    if not values or len(values) > 1 + len(names) or any(value is None for value in values) or not values[0]:
        return None
    more = dict(zip(names, (value or "" for value in values[1:]), strict=False))
    return _filled(kind, values[0], more, raw=raw)


def _filled(kind: Kind, value: str, more: dict[str, str], *, raw: str) -> Code | None:
    quantity = more.pop("quantity", "")
    if quantity and not _QUANTITY.fullmatch(quantity):
        return None
    if kind in {Kind.LOT, Kind.SERIAL, Kind.ORDER}:
        more[kind.value] = value
    code = Code(kind=kind, value=value, source=Source.OWN, raw=raw, **more)  # type: ignore[arg-type]
    return replace(code, quantity=Decimal(quantity) if quantity else None)


def _quantity_text(quantity: Decimal) -> str:
    text = format(quantity, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if not _QUANTITY.fullmatch(text):
        raise ValueError(f"not a quantity for a label: {quantity}")
    return text


def _escape(field: str) -> str:
    return "".join(
        quote(sign, safe="") if sign in "%:*" or sign.isspace() or not sign.isprintable() else sign
        for sign in field
    )


def _unescape(field: str) -> str | None:
    try:
        return unquote(field, errors="strict")
    except UnicodeDecodeError:
        return None
