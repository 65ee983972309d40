"""Finds many phrases in one text at a cost that does not grow with their number."""

import re
from collections.abc import Collection, Iterable
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
        self._beginnings = _beginnings(self._values)

    def get(self, folded: str) -> tuple[T, ...]:
        """Return what stands behind exactly this (folded) phrase."""
        return self._values.get(folded, ())

    def hits(self, folded: str, *, limit: int, most: int = 96) -> list[Hit[T]]:
        """Return the phrases that start within the first `limit` characters, longest first at each place.

        Overlapping ones are included, latin words count only as whole words, and after `most` it stops.
        """
        found: list[Hit[T]] = []
        lengths, values, latin = self._lengths, self._values, self._latin
        for place in self._beginnings.finditer(folded, 0, limit):
            start = place.start()
            for length in lengths[folded[start]]:
                end = start + length
                phrase = folded[start:end]
                if phrase not in values or len(phrase) < length:
                    continue
                if phrase not in latin or whole_word(folded, start, end):
                    found.append(Hit(start, end, values[phrase]))
            if len(found) >= most:
                break
        return found


def _beginnings(phrases: Collection[str]) -> "re.Pattern[str]":
    """Return a pattern of where a phrase may begin: two characters of which a first and a second are known.

    The class of the first ones stands in front: so the engine leaps from one such place to the next.
    """
    if not phrases:
        return re.compile("(?!)")
    alone = _class(phrase for phrase in phrases if len(phrase) == 1)
    seconds = _class(phrase[1] for phrase in phrases if len(phrase) > 1)
    goes_on = f"(?![^{seconds}])" if seconds else ""
    either = f"(?:(?<=[{alone}])|{goes_on})" if alone else goes_on
    return re.compile(f"[{_class(phrase[0] for phrase in phrases)}]{either}(?<![a-z0-9]{{2}})")


def _class(chars: Iterable[str]) -> str:
    return "".join(map(re.escape, sorted(set(chars))))


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
