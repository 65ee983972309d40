"""Words that say which number or name is meant (50良, 良品50, 从A): one pattern per group of slots."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from commands.kit.slots import SlotType

if TYPE_CHECKING:
    from commands.kit.spec import Slot

_FILLING = frozenset("数量是为有了:= ")
_REACH = 6  # characters of such filling that may stand between a mark and its number


class Mark(NamedTuple):
    """A mark found beside a match; `gap` is how far away it stands."""

    slot: "Slot"
    span: tuple[int, int]
    gap: int


@dataclass(frozen=True, eq=False)
class MarkedSlots:
    """The marked slots of one type in a phrasing: marks by word, and the patterns that find them."""

    type: SlotType
    before_words: Mapping[str, "Slot"]
    after_words: Mapping[str, "Slot"]
    after_pattern: "re.Pattern[str]"
    by_last_letter: Mapping[str, Sequence[str]]

    def before(self, text: str, start: int) -> Mark | None:
        """Return the mark that ends at `start`, at most 数量, 是, a colon or a blank between."""
        at, nearest = start, max(0, start - _REACH)
        while at > nearest and text[at - 1] in _FILLING:
            at -= 1
        for end in (start, at) if at < start else (start,):
            for word in self.by_last_letter.get(text[end - 1], ()) if end else ():
                if text.endswith(word, 0, end) and _whole(text, word, end):
                    return Mark(self.before_words[word], (end - len(word), start), start - end)
        return None

    def after(self, text: str, end: int) -> Mark | None:
        """Return the mark that begins at `end`, at most a blank between."""
        found = self.after_pattern.match(text, end)
        return Mark(self.after_words[found[1]], found.span(1), found.start(1) - end) if found else None


def marked_slots(slots: Iterable["Slot"]) -> tuple[MarkedSlots, ...]:
    """Return the marked slots grouped by type; patterns are compiled once, at the start."""
    marked = [slot for slot in slots if slot.marked and not slot.type.free]
    return tuple(
        _group(slot_type, [slot for slot in marked if slot.type == slot_type])
        for slot_type in dict.fromkeys(slot.type for slot in marked)
    )


def _group(slot_type: SlotType, slots: Sequence["Slot"]) -> MarkedSlots:
    before = {word: slot for slot in slots for word in slot.before}
    after = {word: slot for slot in slots for word in slot.after}
    return MarkedSlots(
        slot_type,
        before,
        after,
        after_pattern=re.compile(rf" ?({_words(after)})"),
        by_last_letter={
            last: sorted((word for word in before if word[-1] == last), key=len, reverse=True)
            for last in {word[-1] for word in before}
        },
    )


def _words(words: Iterable[str]) -> str:
    """Return the words as alternatives, the longest first; nothing matches where there are none."""
    return "|".join(_word(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _word(word: str) -> str:
    """Return the pattern of one mark; latin ones (ok, ng) only as whole words."""
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)


def _whole(text: str, word: str, end: int) -> bool:
    """Say whether a latin mark that ends at `end` is a word of its own."""
    before = end - len(word) - 1
    return not word.isascii() or before < 0 or not (text[before].isascii() and text[before].isalnum())
