"""Words that say which number or name is meant (50良, 良品50, 从A): one pattern per group of slots."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.kit.slots import SlotType

if TYPE_CHECKING:
    from commands.kit.spec import Slot

_FILLING = "[数量是为有了:= ]{1,6}+"  # what may stand between a mark and its number


@dataclass(slots=True, eq=False)
class Mark:
    """A mark found beside a match, with what stands between them; `gap` is how far away it stands."""

    slot: "Slot"
    start: int
    end: int
    gap: int


@dataclass(frozen=True, eq=False)
class MarkedSlots:
    """The marked slots of one type in a phrasing: marks by word, and the patterns that find them.

    What stands before a number is read backwards: there a pattern finds the nearest mark at once.
    """

    type: SlotType
    before_words: Mapping[str, "Slot"]
    after_words: Mapping[str, "Slot"]
    before_pattern: "re.Pattern[str]"
    after_pattern: "re.Pattern[str]"

    def before(self, backwards: str, start: int) -> Mark | None:
        """Return the mark that ends at `start`, at most 数量, 是, a colon or a blank between."""
        length = len(backwards)
        found = self.before_pattern.match(backwards, length - start)
        if found is None:
            return None
        ends, begins = found.span(1)
        return Mark(self.before_words[found[1]], length - begins, start, start - length + ends)

    def after(self, text: str, end: int) -> Mark | None:
        """Return the mark that begins at `end`, at most a blank between."""
        found = self.after_pattern.match(text, end)
        if found is None:
            return None
        begins, ends = found.span(1)
        return Mark(self.after_words[found[1]], begins, ends, begins - end)


def marked_slots(slots: Iterable["Slot"]) -> tuple[MarkedSlots, ...]:
    """Return the marked slots grouped by type; patterns are compiled once, at the start."""
    marked = [slot for slot in slots if slot.marked and not slot.type.free]
    return tuple(
        _group(slot_type, [slot for slot in marked if slot.type == slot_type])
        for slot_type in dict.fromkeys(slot.type for slot in marked)
    )


def _group(slot_type: SlotType, slots: Sequence["Slot"]) -> MarkedSlots:
    before = {word[::-1]: slot for slot in slots for word in slot.before}
    after = {word: slot for slot in slots for word in slot.after}
    return MarkedSlots(
        slot_type,
        before,
        after,
        before_pattern=re.compile(rf"(?:|{_FILLING})({_words(before, r'{}(?![a-z0-9])')})"),
        after_pattern=re.compile(rf" ?({_words(after, r'(?<![a-z]){}(?![a-z])')})"),
    )


def _words(words: Iterable[str], latin: str) -> str:
    """Return the words as alternatives, the longest first; nothing matches where there are none.

    `latin` is the frame of those (ok, ng) that must not be cut out of a longer word.
    """
    alternatives = (
        latin.format(re.escape(word)) if word.isascii() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )
    return "|".join(alternatives) or "(?!)"
