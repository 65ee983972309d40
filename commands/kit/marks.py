"""Words that say which number or name is meant (50良, 良品50, 从A): one pattern per group of slots."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from commands.kit.slots import SlotType

if TYPE_CHECKING:
    from commands.kit.spec import Slot

_BETWEEN = r"(?:数量|数|是|为|有|了|[:= ]){0,6}"
_FILLING = frozenset("数量是为有了:= ")
_REACH = 24  # characters before a number in which its mark may stand


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
    before_pattern: "re.Pattern[str]"
    after_pattern: "re.Pattern[str]"
    last_letters: frozenset[str]

    def before(self, text: str, start: int) -> Mark | None:
        """Return the mark that ends at `start`, at most 数量, 是, a colon or a blank between."""
        at = start - 1
        while at >= 0 and text[at] in _FILLING:
            at -= 1
        if at < 0 or text[at] not in self.last_letters:
            return None
        near = text[max(0, start - _REACH) : start]
        found = self.before_pattern.search(near)
        if found is None:
            return None
        shift = start - len(near)
        return Mark(self.before_words[found[1]], (found.start(1) + shift, start), len(near) - found.end(1))

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
        before_pattern=re.compile(rf"({_words(before)}){_BETWEEN}$"),
        after_pattern=re.compile(rf" ?({_words(after)})"),
        last_letters=frozenset(word[-1] for word in before),
    )


def _words(words: Iterable[str]) -> str:
    """Return the words as alternatives, the longest first; nothing matches where there are none."""
    return "|".join(_word(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _word(word: str) -> str:
    """Return the pattern of one mark; latin ones (ok, ng) only as whole words."""
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
