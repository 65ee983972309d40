"""What hands do to pieces, boxes, reels and lots: each deed once, known by its key in event and answer alike.

The order in which they arrive is chance, and so none stands on another.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.crash import opening


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One kind: the sentence for a number, its key, the event it comes to, and the answer that shows it."""

    event: str
    say: Callable[[int], str]
    key: Callable[[int], str]
    of: Callable[[Mapping[str, Any]], str]
    shown: re.Pattern[str]


def _thing(name: str, word: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: f"{data[name]}:{word}"


SCAN: Final = Deed(
    event="work.reported",
    say=lambda number: f"过站 焊接 {opening.serial(opening.PIECES, number)}",
    key=lambda number: f"{opening.serial(opening.PIECES, number)}:passed",
    of=lambda data: f"{data['units'][0]}:passed",
    shown=re.compile(r"焊接：(?P<thing>SN-[\w-]+) (?P<word>通过)"),
)
PACK: Final = Deed(
    event="container.packed",
    say=lambda number: f"装箱 BOX-C{number:05} {opening.serial(opening.FINISHED, number)}",
    key=lambda number: f"BOX-C{number:05}:packed",
    of=_thing("container", "packed"),
    shown=re.compile(r"(?P<thing>BOX-C\d+) (?P<word>装入)"),
)
LOAD: Final = Deed(
    event="slot.exchanged",
    say=lambda number: f"换料 ST-101 站位3 {opening.REEL.format(number)}",
    key=lambda number: f"{opening.REEL.format(number)}:loaded",
    of=_thing("lot", "loaded"),
    shown=re.compile(r"(?P<word>换料)：\S+ → (?P<thing>LOT-R\d+)"),
)
HOLD: Final = Deed(
    event="hold.placed",
    say=lambda number: f"冻结 {opening.HELD.format(number)} 试一试",
    key=lambda number: f"{opening.HELD.format(number)}:held",
    of=_thing("code", "held"),
    shown=re.compile(r"(?P<thing>LOT-H\d+) (?P<word>已冻结)(?!.*操作人)", re.DOTALL),
)
DEEDS: Final = (SCAN, SCAN, SCAN, PACK, PACK, LOAD, HOLD)
WORDS: Final = {"通过": "passed", "装入": "packed", "换料": "loaded", "已冻结": "held"}
BY_EVENT: Final = {deed.event: deed for deed in (PACK, LOAD, HOLD)}


class Hands:
    """Numbers the deeds of a run, until each kind has no more things."""

    def __init__(self, *, things: int) -> None:
        self._left = {deed.event: iter(range(1, things)) for deed in DEEDS}
        self._turn: Iterator[Deed] = itertools.cycle(DEEDS)

    def next(self) -> tuple[str, str] | None:
        """Return the next sentence and its key; None where everything has been done."""
        for deed in itertools.islice(self._turn, len(DEEDS)):
            if number := next(self._left[deed.event], 0):
                return deed.say(number), deed.key(number)
        return None


def shown(text: str) -> Iterator[str]:
    """Yield the keys of the deeds that an answer shows."""
    for deed in (SCAN, PACK, LOAD, HOLD):
        if found := deed.shown.search(text):
            yield f"{found['thing']}:{WORDS[found['word']]}"
