"""Reads GS1 element strings and Digital Links, stricter than biip: no wrong check digit, nothing twice.

Source of the rules: GS1 General Specifications 3 and 7.8; GS1 Digital Link URI Syntax. The table of
application identifiers is biip's.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString

from domain.codes.code import Code, Kind, Reading, Source, Unreadable, one_or_ask
from domain.codes.separators import GS, unify

MAX_MESSAGE = 512  # no GS1 label carries more; a symbol of 2,335 letters would be no label
MAX_ELEMENTS = 32
MAX_LINK = 1024
MAX_CANDIDATES = 8
MAX_STEPS = 300

# Identifiers that may hide inside a variable element that has lost its separator. Rare ones are left out:
# they would turn every lot number with two digits in it into a question.
HIDDEN = ("10", "11", "13", "15", "17", "21", "30", "37", "240", "241", "400", "422")
ATTRIBUTES = {
    "10": "lot",
    "21": "serial",
    "240": "supplier_part",
    "241": "material",
    "400": "order",
    "412": "supplier",
    "422": "country",
    "00": "package",
}
MEASURES = {"310": "kg", "311": "m", "314": "m2", "315": "l", "316": "m3"}
KINDS = (
    ("00", Kind.CONTAINER),
    ("21", Kind.SERIAL),
    ("10", Kind.LOT),
    ("8004", Kind.EQUIPMENT),
    ("414", Kind.LOCATION),
)
PARTS = ("01", "02", "241", "240")

_SYMBOLOGY = re.compile(r"\](?:C1|d2|Q3|e[012]|J1)")
_BARE = re.compile(r"00[0-9]{18}|0[12][0-9]{14}")
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)")
_WIDE_BRACKETS = str.maketrans("（）", "()")
# Signs outside the GS1 character set 82 cannot be data: whatever scanner put them there meant FNC1.
_FOREIGN = re.compile(r"[ #$@\[\\\]^`{|}~\x00-\x1f]+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


def read_gs1(text: str, *, raw: str) -> Reading | None:
    """Return the reading of an element string, None if the text does not begin like one."""
    if _BRACKETED.match(text.translate(_WIDE_BRACKETS)):
        return _read_bracketed(text.translate(_WIDE_BRACKETS), raw=raw)
    symbology = _SYMBOLOGY.match(text)
    scanned = text[symbology.end() :] if symbology else text
    message = unify(scanned)
    if not symbology and not message.startswith(GS) and not _begins_bare(message):
        return None
    if len(message) > MAX_MESSAGE:
        return Unreadable(reason="too_long", raw=raw)
    clean = _FOREIGN.sub(GS, message).strip(GS)
    reading = read_elements(clean, source=Source.GS1, raw=raw, certain=GS in clean)
    damaged = clean != scanned.strip(GS)
    return replace(reading, repaired=True) if isinstance(reading, Code) and damaged else reading


def read_link(text: str, *, raw: str) -> Reading | None:
    """Return the reading of a GS1 Digital Link, None if the text is no link or a link to something else."""
    if not _LINK.fullmatch(text) or len(text) > MAX_LINK:
        return None
    try:
        elements = list(GS1DigitalLinkURI.parse(text).element_strings)
    except (ParseError, ValueError):  # ValueError: urlsplit, on half an IPv6 address
        return None
    if not _sound(elements):
        return Unreadable(reason="check", raw=raw)
    return _code(elements, source=Source.DIGITAL_LINK, raw=raw)


def read_elements(message: str, *, source: Source, raw: str, certain: bool) -> Reading:
    """Return the reading of AI+value elements; `certain`: a separator was seen, so none has been lost.

    Without any separator the last variable element may have swallowed others: several readings.
    """
    strict = _strict(message)
    if strict is not None and len(strict) > MAX_ELEMENTS:
        return Unreadable(reason="too_long", raw=raw)
    if strict is not None and not _sound(strict):
        return Unreadable(reason="check", raw=raw)
    if strict and certain:
        return _code(strict, source=source, raw=raw)
    steps = iter(range(MAX_STEPS))
    cuts = [cut for cut, _ in zip(_cuts(message, steps), range(MAX_CANDIDATES), strict=False) if _sound(cut)]
    if strict and cuts in ([], [strict]):
        return _code(strict, source=source, raw=raw)
    codes = tuple(_code(cut, source=source, raw=raw) for cut in cuts)
    return one_or_ask(codes, raw=raw, certain=not certain)


def _begins_bare(message: str) -> bool:
    found = _BARE.match(message)
    element = _element(found[0], whole=True) if found else None
    return element is not None and not (element.gtin_error or element.sscc_error)


def _read_bracketed(text: str, *, raw: str) -> Reading:
    """`(01)07032069804988(10)ABC`: the brackets are certain, so everything must be right."""
    if len(text) > MAX_MESSAGE:
        return Unreadable(reason="too_long", raw=raw)
    _, *parts = _BRACKETED.split(text)
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    elements = [_element(ai + value.strip(), whole=True) for ai, value in pairs]
    found = [element for element in elements if element]
    if [element.ai.ai for element in found] != [ai for ai, _ in pairs]:
        return Unreadable(reason="fields", raw=raw)
    return _code(found, source=Source.GS1, raw=raw) if _sound(found) else Unreadable(reason="check", raw=raw)


def _element(text: str, *, whole: bool) -> GS1ElementString | None:
    """Return the element that fills (`whole`) or begins the text; None if there is none or it is empty."""
    try:
        element = GS1ElementString.parse(text) if whole else GS1ElementString.extract(text)
    except ParseError:
        return None
    return element if element.value and text.isascii() else None


def _sound(elements: list[GS1ElementString]) -> bool:
    """No identifier twice with different values, and every check digit right."""
    values = {(element.ai.ai, element.value) for element in elements}
    wrong = any(element.gtin_error or element.sscc_error or element.gln_error for element in elements)
    return len(values) == len({ai for ai, _ in values}) and not wrong


def _strict(message: str) -> list[GS1ElementString] | None:
    """Cut as the standard says: fixed elements by length, variable ones at separators; None if that fails.

    What is behind one element too many is not looked at.
    """
    elements: list[GS1ElementString] = []
    for segment in message.split(GS):
        rest = segment
        while rest and len(elements) <= MAX_ELEMENTS:
            element = _first(rest)
            if element is None:
                return None
            elements.append(element)
            rest = rest[len(element) :]
    return elements


def _first(rest: str) -> GS1ElementString | None:
    try:
        variable = GS1ApplicationIdentifier.extract(rest).separator_required
    except ParseError:
        return None
    return _element(rest, whole=variable)


def _cuts(message: str, steps: Iterator[int]) -> Iterator[list[GS1ElementString]]:
    """Yield all cuts of a message whose variable elements may have lost separators, longest value first."""
    segment, gs, after = message.partition(GS)
    try:
        ai = GS1ApplicationIdentifier.extract(segment)
    except ParseError:
        return
    ends = (
        range(len(segment), len(ai), -1)
        if ai.separator_required
        else (len(_element(segment, whole=False) or ""),)
    )
    for end in ends:
        if next(steps, None) is None:
            return
        rest = segment[end:]
        if rest and ai.separator_required and not rest.startswith(HIDDEN):
            continue
        element = _element(segment[:end], whole=True)
        if element is None:
            continue
        if not (rest or after):
            yield [element]
        else:
            follow = _cuts(rest + gs + after if rest else after, steps)
            yield from ([element, *more] for more in follow)


def _code(elements: list[GS1ElementString], *, source: Source, raw: str) -> Code:
    values = {element.ai.ai: element.value for element in elements}
    said = {attribute: values[ai] for ai, attribute in ATTRIBUTES.items() if ai in values}
    kind, value = next(((kind, values[ai]) for ai, kind in KINDS if ai in values), (Kind.UNKNOWN, ""))
    part = next((values[ai] for ai in PARTS if ai in values), "")
    if kind is Kind.UNKNOWN and part:
        kind, value = Kind.PART, part
    quantity, unit = _quantity(elements)
    dates = {element.ai.ai: element.date for element in elements}
    code = Code(kind=kind, value=value, source=source, raw=raw, fields=tuple(values.items()))
    code = replace(code, **said)  # type: ignore[arg-type]
    return replace(
        code,
        gtin=values.get("01", values.get("02", "")),
        quantity=quantity,
        unit=unit,
        made=dates.get("11"),
        expires=dates.get("17") or dates.get("15"),
    )


def _quantity(elements: list[GS1ElementString]) -> tuple[Decimal | None, str]:
    """Return a count of pieces, else a measure, with its unit."""
    for element in elements:
        if element.ai.ai in {"30", "37"}:
            return Decimal(element.value), "pcs"
    for element in elements:
        if element.ai.ai[:3] in MEASURES and element.decimal is not None:
            return element.decimal, MEASURES[element.ai.ai[:3]]
    return None, ""
