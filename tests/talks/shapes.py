"""One answer in two shapes: what a door shows otherwise than the talk is written, brought to one form.

A self-built app's text has no tables and a webhook's message no buttons; the same words stand there in lines,
and the same sentences are to be said instead of pressed.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.platforms.wecom.rendering.limits import KEY_NAME, VALUE

_ASKS: Final = re.compile(r"请( @班长 说|回复)其中一句：")
_SPELT: Final = re.compile(r"\d+\. (?P<button>[^：]+)：.+")
_PRESSED: Final = re.compile(r"(【[^】]+】)+")
_CALLED: Final = re.compile(r"(^| )@\S+$")
_NAMED: Final = re.compile(rf"[^：:]{{1,{KEY_NAME}}}[：:]\s*\S.{{0,{VALUE - 1}}}")
_RULE: Final = re.compile(r"\| ---.*\|")
Lines = Sequence[str]


def as_lines(lines: Lines) -> list[str]:
    """Return a Markdown table as rows that name their cells, as plain text has it."""
    made: list[str] = []
    header: list[str] = []
    for line in lines:
        if _RULE.fullmatch(line):
            continue
        if not line.startswith("|"):
            header = []
            made.append(line)
        elif not header:
            header = _cells(line)
        else:
            made.append("　".join(_named(header, _cells(line))))
    return made


def as_said(lines: Lines) -> list[str]:
    """Return sentences to say as the buttons that they stand for, without whom a group's webhook rings.

    What has a name (`地点：L2`) goes last, as in WeCom's template cards.
    """
    kept = [_CALLED.sub("", line) for line in lines if not _ASKS.fullmatch(line)]
    buttons = "".join(f"【{found['button']}】" for line in kept if (found := _SPELT.fullmatch(line)))
    pressed = "".join(line for line in kept if _PRESSED.fullmatch(line))
    words = [line for line in kept if line and not _SPELT.fullmatch(line) and not _PRESSED.fullmatch(line)]
    in_order = [*words[:1], *sorted(words[1:], key=lambda line: bool(_NAMED.fullmatch(line)))]
    return [*in_order, *filter(None, [buttons or pressed])]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _named(header: Lines, cells: Lines) -> Iterator[str]:
    yield cells[0]
    yield from (f"{name} {cell}" for name, cell in zip(header[1:], cells[1:], strict=False) if cell)
