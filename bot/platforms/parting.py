"""A card that says more than one message holds: numbered parts at line borders, beyond that an abridgement.

Cards are cut before they are rendered, so no cut can fall into markup, an escape or a mention. What fits is
asked of the renderer itself (`Fits`).
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from itertools import pairwise
from typing import Final

from notifier.card import Button, Card, Table

Fits = Callable[[Card, str], bool]
"""Whether a card with a note below it goes into one message; a card that says less never needs more."""

Unit = str | tuple[str, ...] | Button
"""The smallest thing that is not cut: a line, a row of the table, a button."""

MOST_PARTS: Final = 3
TITLE: Final = 60  # characters; a longer title is said whole in the first line
IN_FILE: Final = "……（还有 {count} 行，全文在附件里）"
NOT_SHOWN: Final = "……（太长，还有 {count} 行没有显示）"
KNOWN: Final = 4096
SHORT: Final = 120  # characters
LONGEST: Final = 20_480  # characters; no message of any platform holds more
_BREAK: Final = re.compile(r"[\s，。；、,;）)]+")
_NAME_BEGUN: Final = re.compile(r"(?<=.)@\S{0,64}$")


@dataclass(frozen=True, kw_only=True)
class Parted:
    """The cards that are sent, in order; `left` lines are in none of them, which `note` says."""

    cards: tuple[Card, ...]
    left: int = 0
    note: str = ""


def part(card: Card, *, fits: Fits, files: bool, most: int = MOST_PARTS) -> Parted:
    """Return the card whole, in at most `most` numbered parts, or abridged; `files`: the rest goes in one."""
    if fits(card, ""):
        return Parted(cards=(card,))
    card = _with_short_title(card)
    units = _units(card, fits)
    cuts = _cuts(card, units, fits)
    if len(cuts) > most:
        return _abridged(card, units, fits=fits, note=IN_FILE if files else NOT_SHOWN)
    if len(cuts) < 2:  # noqa: PLR2004 (it was only the title that was too long)
        return Parted(cards=(_of(card, units),))
    parts = [_numbered(card, some, at, len(cuts)) for at, some in enumerate(cuts, 1)]
    return Parted(cards=tuple(parts))


def short_ones_known(escape: Callable[[str], str]) -> Callable[[str], str]:
    """Remember what short texts become: to part a long card, its lines are written again and again."""
    known = lru_cache(maxsize=KNOWN)(escape)

    @wraps(escape)
    def escaped(text: str) -> str:
        return known(text) if len(text) <= SHORT else escape(text)

    return escaped


def labelled(table: Table) -> list[list[str]]:
    """Return rows for where no table is shown: the first cell, then `header value` of what is not empty."""
    return [
        [
            row[0],
            *(
                f"{name} {cell}"
                for name, cell in zip(table.header[1:], row[1:], strict=False)
                if cell.strip()
            ),
        ]
        for row in table.rows
        if row
    ]


def character_end(text: str, end: int) -> int:
    """Move back to where a character ends: not before an accent or a selector, nor after a joiner."""
    while 0 < end < len(text) and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return end


def _joins(character: str) -> bool:
    return (
        character == "\u200d"
        or unicodedata.combining(character) > 0
        or "\ufe00" <= character <= "\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _with_short_title(card: Card) -> Card:
    if len(card.title) <= TITLE:
        return card
    short = card.title[: character_end(card.title, TITLE - 1)] + "…"
    return replace(card, title=short, lines=(card.title, *card.lines))


def _of(card: Card, units: Sequence[Unit]) -> Card:
    """Return the card with these of its lines, rows and buttons only."""
    rows = tuple(unit for unit in units if isinstance(unit, tuple))
    return replace(
        card,
        lines=tuple(unit for unit in units if isinstance(unit, str)),
        table=Table(header=card.table.header, rows=rows) if card.table and rows else None,
        buttons=tuple(unit for unit in units if isinstance(unit, Button)),
    )


def _numbered(card: Card, units: Sequence[Unit], at: int, of: int) -> Card:
    """Return one part: the picture, the file and the answer number belong to the last."""
    made = replace(_of(card, units), title=f"{card.title}（{at}/{of}）")
    return made if at == of else replace(made, number=None, image=None, file=None)


def _units(card: Card, fits: Fits) -> list[Unit]:
    """Return everything the card says below its title, in pieces that each fit into a part of their own."""
    lines = [line for text in card.lines for line in text.splitlines() if line.strip()]
    rows = list(card.table.rows) if card.table else []
    if card.table and not fits(_numbered(card, [card.table.header], 1, 1), ""):
        lines += ["　".join(row) for row in (card.table.header, *rows)]
        rows = []
    whole: list[Unit] = [*lines, *rows, *card.buttons]
    return [piece for unit in whole for piece in _fitting(card, unit, fits)]


def _fitting(card: Card, unit: Unit, fits: Fits) -> list[Unit]:
    if fits(_numbered(card, [unit], 1, 1), ""):
        return [unit]
    text = _text(unit)
    pieces: list[Unit] = []
    while text:
        end = _good_end(text, max(_longest(card, text, fits), 1))
        pieces.append(text[:end])
        text = text[end:]
    return pieces


def _longest(card: Card, text: str, fits: Fits) -> int:
    """Return how many characters of the text fit into a part of their own."""
    return _most(min(len(text), LONGEST), lambda count: fits(_numbered(card, [text[:count]], 1, 1), ""))


def _text(unit: Unit) -> str:
    match unit:
        case Button(text=text, say=say):
            return f"{text}：{say}"
        case str():
            return unit
        case row:
            return "　".join(row)


def _good_end(text: str, end: int) -> int:
    """Move an end back to a space or a comma if one is near, else before an @name or to a character's end."""
    if end >= len(text):
        return end
    near = [found.end() for found in _BREAK.finditer(text, end * 3 // 4, end)]
    name = _NAME_BEGUN.search(text, max(end - 65, 0), end)
    return near[-1] if near else name.start() if name else character_end(text, end) or end


def _cuts(card: Card, units: Sequence[Unit], fits: Fits) -> list[Sequence[Unit]]:
    """Return the units of each part; one part more than is allowed says that there are too many."""
    borders = [0]
    while borders[-1] < len(units) and len(borders) <= MOST_PARTS + 1:
        borders.append(borders[-1] + max(_how_many(card, units[borders[-1] :], fits), 1))
    return [units[start:end] for start, end in pairwise(borders)]


def _how_many(card: Card, units: Sequence[Unit], fits: Fits) -> int:
    return _most(len(units), lambda count: fits(_numbered(card, units[:count], 1, 1), ""))


def _abridged(card: Card, units: Sequence[Unit], *, fits: Fits, note: str) -> Parted:
    """Return one card with as much as fits, its buttons first of all, and a note of how much is left out."""
    said = [unit for unit in units if not isinstance(unit, Button)]
    buttons = [unit for unit in units if isinstance(unit, Button)]
    widest = note.format(count=len(units))
    kept = buttons[: _most(len(buttons), lambda count: fits(_of(card, buttons[:count]), widest))]
    count = _most(len(said), lambda count: fits(_of(card, [*said[:count], *kept]), widest))
    left = len(units) - count - len(kept)
    short = _of(card, [*said[:count], *kept])
    return Parted(cards=(short,), left=left, note=note.format(count=left))


def _most(highest: int, good: Callable[[int], bool]) -> int:
    """Return the highest count up to `highest` that is good; whatever is below a good count is good.

    From below, twice as far each time: to ask of far too much costs most, and is refused anyway.
    """
    low, far = 0, 1
    while far < highest and good(far):
        low, far = far, 2 * far
    highest = min(highest, far)
    while low < highest:
        middle = (low + highest + 1) // 2
        low, highest = (middle, highest) if good(middle) else (low, middle - 1)
    return low
