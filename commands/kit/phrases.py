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
        self._latin = frozenset(key for key in collected if _latin(key[0]) or _latin(key[-1]))
        lengths: dict[str, set[int]] = {}
        for key in self._values:
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
        self._firsts = _beginnings(self._lengths)

    def get(self, folded: str) -> tuple[T, ...]:
        """Return what stands behind exactly this (folded) phrase."""
        return self._values.get(folded, ())

    def hits(self, folded: str, *, limit: int, most: int = 96) -> list[Hit[T]]:
        """Return the phrases that start within the first `limit` characters, longest first at each place.

        Overlapping ones are included, latin words count only as whole words, and after `most` it stops.
        """
        found: list[Hit[T]] = []
        lengths, values = self._lengths, self._values
        for place in self._firsts.finditer(folded, 0, limit):
            position = place.start()
            for length in lengths[folded[position]]:
                phrase = folded[position : position + length]
                behind = values.get(phrase)
                if behind is None or len(phrase) < length:
                    continue
                if phrase not in self._latin or whole_word(folded, position, position + length):
                    found.append(Hit(position, position + length, behind))
            if len(found) >= most:
                break
        return found


def _beginnings(chars: Iterable[str]) -> "re.Pattern[str]":
    """Return a pattern of where a phrase may begin; latin ones only at the beginning of a word."""
    latin = "".join(char for char in chars if _latin(char))
    other = "".join(re.escape(char) for char in chars if not _latin(char))
    found = [rf"(?<![a-z0-9])[{latin}]"] * bool(latin) + [f"[{other}]"] * bool(other)
    return re.compile("|".join(reversed(found)) or "(?!)")


def whole_word(text: str, start: int, end: int) -> bool:
    """Say whether `start`–`end` cuts no latin word or number in two."""
    if _latin(text[start]) and start > 0 and _latin(text[start - 1]):
        return False
    return not (_latin(text[end - 1]) and end < len(text) and _latin(text[end]))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def longest(hits: Iterable[Hit[T]]) -> list[Hit[T]]:
    """Return of `hits` (in the order in which an index finds them) those that no earlier one covers."""
    kept: list[Hit[T]] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
