"""Undoes what scanners, spreadsheets and chat programs do to the separators GS, RS and EOT."""

import re

GS, RS, EOT = "\x1d", "\x1e", "\x04"

# Spellings that stand for a separator and for nothing else (Part-DB issues 487 and 1290, Binner 305,
# InvenTree 853 and 6158; Excel writes _x001D_). They are replaced wherever they stand.
SPELLINGS = {
    GS: (
        "␝",
        "\uf70b",
        "{GS}",
        "<GS>",
        "[GS]",
        "(GS)",
        r"\x1d",
        r"\u001d",
        r"\035",
        "&#29;",
        "&#x1d;",
        "_x001D_",
    ),
    RS: (
        "␞",
        "\uf70c",
        "{RS}",
        "<RS>",
        "[RS]",
        "(RS)",
        r"\x1e",
        r"\u001e",
        r"\036",
        "&#30;",
        "&#x1e;",
        "_x001E_",
    ),
    EOT: ("␄", "{EOT}", "<EOT>", "[EOT]", "(EOT)", r"\x04", r"\u0004", r"\004", "&#4;", "&#x4;", "_x0004_"),
}
FNC1 = ("{FNC1}", "<FNC1>", "[FNC1]", "^FNC1")

_SIGN = {spelling.lower(): sign for sign, spellings in SPELLINGS.items() for spelling in spellings}
_SIGN |= {spelling.lower(): GS for spelling in FNC1}
_SPELT = re.compile("|".join(re.escape(spelling) for spelling in _SIGN), re.IGNORECASE)
_CARET = {"^]": GS, "^^": RS, "^d": EOT}
_CARETS = re.compile(r"\^(?:\]|\^|D)", re.IGNORECASE)
_DROPPED = re.compile(
    "[\u200b-\u200f\u2028-\u202e\u2060\ufeff]"
)  # zero-width and direction marks of chat programs


def unify(text: str) -> str:
    """Return the text with every unmistakable spelling of a separator replaced by the separator itself."""
    text = _SPELT.sub(lambda found: _SIGN[found[0].lower()], text)
    if "^]" in text:  # only together: a lone ^ may stand for all three
        text = _CARETS.sub(lambda found: _CARET[found[0].lower()], text)
    return text


def tidy(text: str) -> str:
    """Return the text without invisible marks and without blanks around it; separators stay."""
    return _DROPPED.sub("", text).strip(" \t\r\n\u3000\xa0\x00")
