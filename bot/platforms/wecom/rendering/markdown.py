"""A card as WeCom Markdown: titles in bold, tables as tables, buttons as sentences to say.

An AI bot cannot ring anyone from Markdown (no real @), so `mentions` are not rendered: what must ring goes
by group webhook. Texts of people are data: whatever would format, link, embed or mention is shown by its
full-width twin, which the grammar reads back as the same character.
"""

import re
from typing import Final

from notifier.card import Button, Card, Table, Tone

MOST_BYTES: Final = 20480
REPEATED: Final = "（重发）"
_CUT: Final = "\n…（太长，后面的没有显示）"
_MARK: Final[dict[Tone, str]] = {"plain": "", "good": "✅ ", "warn": "⚠️ ", "bad": "🚨 "}
_TWINS: Final = str.maketrans({"*": "＊", "`": "｀", "|": "｜", "\\": "＼", "\r": " "})
_EDGE_UNDERSCORE: Final = re.compile(r"(?<!\w)_|_(?!\w)|__+")
_TAG: Final = re.compile(r"<(?=[@/!?A-Za-z])")
_LINK: Final = re.compile(r"\](?=\s*[(\[:])")
_LINE_START: Final = re.compile(r"^(\s*)(#(?!\d)|>)", re.MULTILINE)
_WIDE: Final = {"#": "＃", ">": "＞"}


def escape(text: str) -> str:
    """Return a text that WeCom shows as it is: no format, link, picture, tag or mention comes out of it."""
    text = text.translate(_TWINS).replace("~~", "～～")
    text = _EDGE_UNDERSCORE.sub(lambda found: "＿" * len(found[0]), text)
    text = _LINK.sub("］", _TAG.sub("＜", text))
    return _LINE_START.sub(lambda found: found[1] + _WIDE[found[2]], text)


def render(card: Card, *, repeat: int = 0) -> str:
    """Return the whole card as Markdown of at most 20,480 bytes; `repeat` > 0 marks it as said again."""
    parts = [_head(card, repeat=repeat), *map(escape, card.lines)]
    if card.table:
        parts.append(_table(card.table))
    if card.buttons:
        parts.append(_sentences(card.buttons))
    if card.number is not None:
        parts.append(f"> #{card.number}")
    return cut("\n".join(part for part in parts if part))


def cut(text: str, *, most: int = MOST_BYTES) -> str:
    """Return the text, cut at a line if it can be, so that it fits into `most` bytes, and says so."""
    data = text.encode()
    if len(data) <= most:
        return text
    kept = data[: most - len(_CUT.encode())].decode(errors="ignore")
    line_end = kept.rfind("\n")
    return (kept[:line_end] if line_end > len(kept) // 2 else kept) + _CUT


def _head(card: Card, *, repeat: int) -> str:
    mark = (REPEATED if repeat else "") + _MARK[card.tone]
    title = escape(" ".join(card.title.split()))
    return f"**{mark}{title}**" if title else mark.strip()


def _table(table: Table) -> str:
    rows = [table.header, tuple("---" for _ in table.header), *table.rows]
    return "\n" + "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in rows) + "\n"


def _cell(text: str) -> str:
    return escape(" ".join(text.split())) or " "


def _sentences(buttons: tuple[Button, ...]) -> str:
    said = [
        f"{at}. {escape(button.text)}：{escape(button.say)}" for at, button in enumerate(buttons, start=1)
    ]
    return "\n".join(["请回复其中一句：", *said])
