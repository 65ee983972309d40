"""Finds many phrases in one text at a cost that does not grow with their number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from commands.kit.normal import fold, normalise

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
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

    def __len__(self) -> int:
        return len(self._values)

    def phrases(self) -> Iterable[str]:
        """Return every phrase in the form in which it is looked up."""
        return self._values.keys()

    def get(self, folded: str) -> tuple[T, ...]:
        """Return what stands behind exactly this (folded) phrase."""
        return self._values.get(folded, ())

    def at(self, folded: str, position: int) -> Iterator[Hit[T]]:
        """Yield the phrases that start at `position`, longest first; latin words only as whole words."""
        for length in self._lengths.get(folded[position], ()):
            end = position + length
            values = self._values.get(folded[position:end])
            if values is not None and whole_word(folded, position, end):
                yield Hit(position, end, values)

    def hits(self, folded: str, *, limit: int) -> list[Hit[T]]:
        """Return every phrase that starts within the first `limit` characters, overlapping ones included."""
        lengths = self._lengths
        return [
            hit
            for position, char in enumerate(folded[:limit])
            if char in lengths
            for hit in self.at(folded, position)
        ]


def whole_word(text: str, start: int, end: int) -> bool:
    """Say whether `start`–`end` cuts no latin word or number in two."""
    cut_before = start > 0 and _latin(text[start]) and _latin(text[start - 1])
    return not cut_before and not (end < len(text) and _latin(text[end - 1]) and _latin(text[end]))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def longest(hits: Iterable[Hit[T]]) -> list[Hit[T]]:
    """Return the hits that no longer or earlier hit covers, in the order of the text."""
    kept: list[Hit[T]] = []
    for hit in sorted(hits, key=lambda found: (found.start, -found.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
