"""A card as WeCom Markdown: titles in bold, tables as tables where they are shown, buttons as sentences.

Texts of people are data: whatever would format, link, embed or mention is shown by its full-width twin, which
the grammar reads back as the same character. A real @ is a tag (`<@userid>`) that only webhooks ring with.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.platforms.parting import labelled, short_ones_known
from bot.platforms.wecom.rendering.words import ask, disarmed, marked, spelt
from notifier.card import Card, Table

_TWINS: Final = str.maketrans({"*": "＊", "`": "｀", "|": "｜", "\\": "＼"})
_EDGE_UNDERSCORE: Final = re.compile(r"__+|(?<!\w)_|_(?!\w)")
_LINK: Final = re.compile(r"\](?=\s*[(\[:])")
_INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)  # four blanks would begin a block of code
_LINE_START: Final = re.compile(r"^(\s*)(#(?!\d)|>|[-+](?=\s|$|-)|=(?==*\s*$))", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_WIDE: Final = {"#": "＃", ">": "＞", "-": "－", "+": "＋", "=": "＝", ".": "．", ")": "）"}


@short_ones_known
def escape(text: str) -> str:
    """Return a text that WeCom shows as it is: no format, link, picture, tag or mention comes out of it."""
    text = _INDENT.sub("", disarmed(text)).translate(_TWINS).replace("~~", "～～")
    text = _EDGE_UNDERSCORE.sub(lambda found: "＿" * len(found[0]), text)
    text = _NUMBERED.sub(_widened, _LINK.sub("］", text))
    return _LINE_START.sub(_widened, text)


def _widened(found: re.Match[str]) -> str:
    return found[1] + _WIDE[found[2]]


def write(
    card: Card,
    *,
    repeat: int = 0,
    tables: bool = True,
    asks: str = ask("direct"),
    note: str = "",
    mentions: Sequence[str] = (),
) -> str:
    """Return the whole card as Markdown, however long; `note` stands below it, `mentions` are user ids."""
    title = escape(" ".join(card.title.split())).strip()
    head = marked(card, title, repeat=repeat)
    parts = [f"**{head}**" if title else head, *map(escape, card.lines)]
    if card.table:
        parts.append(_table(card.table) if tables else _rows(card.table))
    if card.buttons:
        parts += [asks, *(f"{n}. {escape(spelt(it))}" for n, it in enumerate(card.buttons, 1))]
    parts.append(note)
    if card.number is not None:
        parts.append(f"> #{card.number}")
    parts.append(" ".join(f"<@{user}>" for user in mentions))
    return "\n".join(part for part in parts if part)


def _table(table: Table) -> str:
    header, *rows = (f"| {' | '.join(map(_cell, row))} |" for row in (table.header, *table.rows))
    line = f"| {' | '.join('---' for _ in table.header)} |"
    return "\n" + "\n".join([header, line, *rows]) + "\n"


def _rows(table: Table) -> str:
    """Return a table where none is shown: each row a line, its first cell in bold, the others named."""
    return "\n".join("　".join(_named(cells)) for cells in labelled(table))


def _named(cells: Sequence[str]) -> list[str]:
    first, *others = (_cell(cell).strip() for cell in cells)
    return [f"**{first}**" if first else "—", *others]


def _cell(text: str) -> str:
    return escape(" ".join(text.split())) or " "
