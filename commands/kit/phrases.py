"""Finds many phrases in one text at a cost that does not grow with their number."""

import re
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from commands.kit.normal import fold, normalise

T = TypeVar("T")


class Hit(NamedTuple, Generic[T]):
    """A phrase found at `start`–`end` of the text, and what stands behind it."""

    start: int
    end: int
    values: tuple[T, ...]


class PhraseIndex(Generic[T]):
    """Phrases by first character and length: one dictionary look-up per position and possible length."""

    def __init__(self, phrases: Iterable[tuple[str, T]] = ()) -> None:
        collected: dict[str, dict[T, None]] = {}
        for phrase, value in phrases:
            if key := fold(normalise(phrase)):
                collected.setdefault(key, {})[value] = None
        self._values = {key: tuple(values) for key, values in collected.items()}
        lengths: dict[str, set[int]] = {}
        for key in self._values:
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
        firsts = "".join(map(re.escape, self._lengths))
        self._firsts = re.compile(f"[{firsts}]" if firsts else "(?!)")

    def __len__(self) -> int:
        return len(self._values)

    def phrases(self) -> Iterable[str]:
        """Return every phrase in the form in which it is looked up."""
        return self._values.keys()

    def get(self, folded: str) -> tuple[T, ...]:
        """Return what stands behind exactly this (folded) phrase."""
        return self._values.get(folded, ())

    def hits(self, folded: str, *, limit: int) -> list[Hit[T]]:
        """Return every phrase that starts within the first `limit` characters, longest first at each place.

        Overlapping ones are included; latin words count only as whole words.
        """
        found: list[Hit[T]] = []
        lengths, values, size = self._lengths, self._values, len(folded)
        for place in self._firsts.finditer(folded, 0, limit):
            position = place.start()
            for length in lengths[folded[position]]:
                end = position + length
                if end > size:
                    continue
                behind = values.get(folded[position:end])
                if behind is not None and whole_word(folded, position, end):
                    found.append(Hit(position, end, behind))
        return found


def whole_word(text: str, start: int, end: int) -> bool:
    """Say whether `start`–`end` cuts no latin word or number in two."""
    if _latin(text[start]) and start > 0 and _latin(text[start - 1]):
        return False
    return not (_latin(text[end - 1]) and end < len(text) and _latin(text[end]))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def longest(hits: Iterable[Hit[T]]) -> list[Hit[T]]:
    """Return the hits that no longer or earlier hit covers, in the order of the text."""
    kept: list[Hit[T]] = []
    for hit in sorted(hits, key=lambda found: (found.start, -found.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
