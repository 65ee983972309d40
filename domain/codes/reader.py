"""The one door: any text to a Reading, in a fixed order of formats, never raising."""

import re
from collections.abc import Sequence

from domain.codes.code import Plain, Reading, Unreadable
from domain.codes.gs1 import read_gs1, read_link
from domain.codes.label import read_label
from domain.codes.lcsc import read_lcsc
from domain.codes.own import read_own
from domain.codes.profiles import PROFILES, Profile
from domain.codes.separators import tidy

MAX_TEXT = 4096
MAX_PLAIN = 120
MAX_LINES = 500

_LINES = re.compile(r"[\r\n]+")  # str.splitlines() would also cut at GS and RS


def read(text: str, *, profiles: Sequence[Profile] = PROFILES) -> Reading:
    """Say what a scanned text is; never raises; longer than 4,096 characters is Unreadable.

    `profiles`: what senders of labels mean by their identifiers, first match first; a plant's own go before
    ours.
    """
    if len(text) > MAX_TEXT:
        return Unreadable(reason="too_long", raw=text)
    clean = tidy(text)
    if not clean:
        return Unreadable(reason="empty", raw=text)
    return (
        read_own(clean, raw=text)
        or read_label(clean, profiles=profiles, raw=text)
        or read_link(clean, raw=text)
        or read_gs1(clean, raw=text)
        or read_lcsc(clean, raw=text)
        or _plain(clean, raw=text)
    )


def read_lines(text: str, *, profiles: Sequence[Profile] = PROFILES) -> tuple[Reading, ...]:
    """Read a pasted list, one code a line (at most 500 lines), in its order; empty lines do not count."""
    lines = [line for line in _LINES.split(text) if tidy(line)]
    return tuple(read(line, profiles=profiles) for line in lines[:MAX_LINES])


def _plain(clean: str, *, raw: str) -> Reading:
    if len(clean) > MAX_PLAIN:
        return Unreadable(reason="too_long", raw=raw)
    return Plain(text=clean, raw=raw) if clean.isprintable() else Unreadable(reason="not_text", raw=raw)
