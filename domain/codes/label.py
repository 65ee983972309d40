"""Reads ISO/IEC 15434 envelopes (format 06, MH10.8.2; format 05, GS1), whole or with damaged separators."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from domain.codes.code import Code, Kind, Reading, Source, Unreadable, one_or_ask
from domain.codes.gs1 import read_elements
from domain.codes.identifiers import IDENTIFIERS, Field, day, field_of, number
from domain.codes.profiles import EIGP114, Profile
from domain.codes.separators import EOT, GS, RS, unify

MAX_LABEL = 1200  # DigiKey pads to some 250; the longest ISO 15434 label seen has 600
MAX_UNSEPARATED = 300
MAX_PARTS = 60
MAX_STEPS = 800  # of the search through a label without separators
MAX_CANDIDATES = 3

_HEADER = re.compile(r">?\[\)>([^0-9A-Za-z]{0,3}?)(0[1-9]|1[0-2])(.*)", re.DOTALL | re.IGNORECASE)
_END = " \t\r\n" + GS + RS + EOT


def read_label(text: str, *, profiles: Sequence[Profile], raw: str) -> Reading | None:
    """Return the reading of an ISO 15434 label, None if the text has no such header."""
    if not text.startswith(("[)>", ">[)>")):
        return None
    if len(text) > MAX_LABEL:
        return Unreadable(reason="too_long", raw=raw)
    header = _HEADER.match(unify(text))
    if header is None or header[2] not in {"05", "06"}:
        return Unreadable(reason="format", raw=raw)
    between, form, body = header[1], header[2], header[3]
    whole = between == RS and body.startswith(GS) and unify(text) == text
    if form == "05":
        return read_elements(body.strip(_END), source=Source.LABEL, raw=raw, certain=GS in body)
    return _read_identifiers(body, whole=whole, profiles=profiles, raw=raw)


def _read_identifiers(body: str, *, whole: bool, profiles: Sequence[Profile], raw: str) -> Reading:
    body = body.split(RS + "0", maxsplit=1)[0]  # a second envelope inside (format 05 beside 06) adds nothing
    if any(sign.islower() for sign in body) and not any(sign.isupper() for sign in body):
        body, whole = body.swapcase(), False  # caps lock: identifiers are upper case
    if GS in body:
        fields = _cut(body, GS)
        code = _code(fields, profiles=profiles, raw=raw) if fields else None
        return replace(code, repaired=not whole) if code else Unreadable(reason="fields", raw=raw)
    if body[:1] and not body[0].isalnum():
        return _read_replaced(body, profiles=profiles, raw=raw)
    return _read_unseparated(body.strip(_END), profiles=profiles, raw=raw)


def _cut(body: str, separator: str) -> list[Field]:
    """Cut at a separator that is certain; what has no identifier is kept as a field without one."""
    parts = [part.strip(_END) for part in body.split(separator)]
    return [field_of(part) or Field("", part) for part in parts if part]


def _read_replaced(body: str, *, profiles: Sequence[Profile], raw: str) -> Reading:
    """Read a label with another sign in place of GS: certain only if all between are known fields."""
    separator = body[0]
    parts = [part.strip(_END) for part in re.split(re.escape(separator) + "+", body) if part.strip(_END)]
    if len(parts) > MAX_PARTS:
        return Unreadable(reason="fields", raw=raw)
    fields = [field_of(part) for part in parts]
    known = [field for field in fields if field and field.well_formed]
    shaped = len(known) == len(parts) == len({field.di for field in known})
    if shaped and (not separator.isspace() or any(_complete(known, profile) for profile in profiles)):
        return one_or_ask(_codes([known], profiles=profiles, raw=raw), raw=raw, certain=True)
    cuts = [known] if shaped else []
    cuts += [_joined(parts, separator, order=profile.order) for profile in profiles if profile.order]
    cuts.sort(key=len, reverse=True)
    return one_or_ask(_codes(cuts, profiles=profiles, raw=raw)[:MAX_CANDIDATES], raw=raw, certain=False)


def _joined(parts: list[str], separator: str, *, order: tuple[str, ...]) -> list[Field]:
    """Take a part as a new field only if its identifier is still to come in the sender's order."""
    fields: list[Field] = []
    place = 0
    for part in parts:
        field = field_of(part)
        if field and field.well_formed and field.di in order[place:]:
            place = order.index(field.di) + 1
            fields.append(field)
        elif fields:
            fields[-1] = Field(fields[-1].di, fields[-1].value + separator + part)
    return fields


def _complete(fields: list[Field], profile: Profile) -> bool:
    """Has the label all that this sender prints, in the order in which it prints?"""
    names = [field.di for field in fields]
    if not profile.needed <= set(names) or not set(names) <= set(profile.order):
        return False
    places = [profile.order.index(name) for name in names]
    return places == sorted(places) and len(names) >= len(profile.needed) + 1


def _read_unseparated(body: str, *, profiles: Sequence[Profile], raw: str) -> Reading:
    """No separator is left at all: cut by the senders' orders, and always ask."""
    if len(body) > MAX_UNSEPARATED:
        return Unreadable(reason="fields", raw=raw)
    cuts: list[list[Field]] = []
    for profile in profiles:
        steps = iter(range(MAX_STEPS))
        found = _cuts(body, profile.order, steps)
        cuts += [
            cut for cut, _ in zip(found, range(8), strict=False) if profile.needed <= {f.di for f in cut}
        ]
    cuts.sort(key=len, reverse=True)
    return one_or_ask(_codes(cuts, profiles=profiles, raw=raw)[:MAX_CANDIDATES], raw=raw, certain=False)


def _cuts(rest: str, order: tuple[str, ...], steps: Iterator[int]) -> Iterator[list[Field]]:
    """Yield ways to cut `rest` into fields that come in `order`; gives up when the steps are used."""
    for place, di in enumerate(order):
        if not rest.startswith(di):
            continue
        later = order[place + 1 :]
        for end in range(len(di) + 1, min(len(rest), len(di) + IDENTIFIERS[di][1]) + 1):
            if next(steps, None) is None:
                return
            field = Field(di, rest[len(di) : end])
            if end == len(rest) and field.well_formed:
                yield [field]
            elif rest.startswith(later, end) and field.well_formed:
                yield from ([field, *more] for more in _cuts(rest[end:], later, steps))


def _codes(cuts: list[list[Field]], *, profiles: Sequence[Profile], raw: str) -> tuple[Code, ...]:
    found = (_code(cut, profiles=profiles, raw=raw) for cut in cuts)
    unique = {code.fields: replace(code, repaired=True) for code in found if code}
    return tuple(unique.values())


def _code(fields: list[Field], *, profiles: Sequence[Profile], raw: str) -> Code | None:
    """Return what the fields say, None if no field says anything."""
    names = {field.di for field in fields}
    marked = (profile for profile in profiles if profile.marks and profile.marks <= names)
    profile = next(marked, EIGP114)
    said: dict[str, str] = {}
    for field in fields:
        attribute = profile.means.get(field.di, IDENTIFIERS.get(field.di, ("", 0, ""))[0])
        if attribute:
            said.setdefault(attribute, field.value)
    if not said:
        return None
    if said.get("material") == said.get(
        "sku", ""
    ):  # DigiKey repeats its own number where the buyer gave none
        said.pop("material", None)
    return _told(said, profile=profile, fields=tuple((field.di, field.value) for field in fields), raw=raw)


def _told(said: dict[str, str], *, profile: Profile, fields: tuple[tuple[str, str], ...], raw: str) -> Code:
    quantity = _quantity(said.pop("quantity", ""), profile=profile)
    made, expires = said.pop("made", ""), said.pop("expires", "")
    printed = said.get("date_code", made)
    form = "YYYYMMDD" if made else profile.dates.get(len(printed), "")
    kind, value = _kind(said, quantity=quantity)
    code = Code(kind=kind, value=value, source=Source.LABEL, raw=raw, fields=fields, sender=profile.name)
    code = replace(code, **said)  # type: ignore[arg-type]
    return replace(
        code,
        quantity=quantity,
        date_code=printed,
        made=day(made or printed, form=form) if form else None,
        expires=day(expires, form="YYYYMMDD") if expires else None,
    )


def _quantity(text: str, *, profile: Profile) -> Decimal | None:
    return number(text.partition(profile.quantity_ends)[0] if profile.quantity_ends else text)


def _kind(said: dict[str, str], *, quantity: Decimal | None) -> tuple[Kind, str]:
    """One piece with a serial is that piece; else a lot, a part, a package, in this order."""
    if "serial" in said and quantity in {None, Decimal(1)}:
        return Kind.SERIAL, said["serial"]
    if "lot" in said:
        return Kind.LOT, said["lot"]
    for attribute in ("supplier_part", "material", "sku"):
        if attribute in said:
            return Kind.PART, said[attribute]
    return (Kind.CONTAINER, said["package"]) if "package" in said else (Kind.UNKNOWN, "")
