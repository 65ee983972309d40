"""Reads the bag labels of LCSC (立创商城): `{pbn:PICK2009291337,on:SO2009291337,pc:C7063,pm:...,qty:40}`."""

import re

from domain.codes.code import Code, Kind, Reading, Source, Unreadable
from domain.codes.identifiers import number

KEYS = ("pbn", "on", "pc", "pm", "qty", "mc", "cc", "pdi", "hp", "wc")
MAX_LABEL = 500

_WIDE = str.maketrans("｛｝：，", "{}:,")
_KEY = re.compile(rf"(?:^|[,{{])\s*({'|'.join(KEYS)})\s*:", re.IGNORECASE)
_PART = re.compile(r"C\d{1,9}", re.ASCII | re.IGNORECASE)


def read_lcsc(text: str, *, raw: str) -> Reading | None:
    """Return the reading of an LCSC label (no lot, no date code on it), None if the text has not its keys."""
    narrow = text.translate(_WIDE)[: MAX_LABEL + 1]
    found = list(_KEY.finditer(narrow))
    values = _values(narrow, found)
    if found[:1] and found[0].start() > 0:
        return None
    if not {"pbn", "pc"} <= values.keys() and not {"pc", "pm", "qty"} <= values.keys():
        return None
    if len(narrow) > MAX_LABEL:
        return Unreadable(reason="too_long", raw=raw)
    if len(values) != len(found) or not _PART.fullmatch(values["pc"]):
        return Unreadable(reason="fields", raw=raw)
    part = values.get("pm", "")
    return Code(
        kind=Kind.PART,
        value=part or values["pc"].upper(),
        source=Source.LCSC,
        raw=raw,
        sku=values["pc"].upper(),
        supplier="LCSC",
        supplier_part=part,
        quantity=number(values.get("qty", "")),
        unit="pcs",
        order=values.get("on", ""),
        packing_list=values.get("pbn", ""),
        fields=tuple(values.items()),
        repaired=narrow != text or not (text.startswith("{") and text.endswith("}")),
    )


def _values(text: str, keys: list[re.Match[str]]) -> dict[str, str]:
    """Cut from key to key, so that a comma inside a part number does no harm."""
    ends = [*(key.start() for key in keys[1:]), len(text)]
    return {key[1].lower(): text[key.end() : end].strip(" ,}") for key, end in zip(keys, ends, strict=False)}
