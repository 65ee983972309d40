"""Did you mean: words compared by how they sound (pinyin) and by their initials."""

from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz, process

from commands.kit.normal import fold, normalise

CLOSE = 80  # of 100: 晚工 -> 完工 is 100, 宝工 -> 报工 is 100, 保功 -> 报工 is 100
FEW = 3


@lru_cache(maxsize=8192)
def sound(text: str) -> str:
    """Return the pinyin of a word, latin letters as they are: 报工 -> baogong."""
    return fold("".join(lazy_pinyin(text))).replace(" ", "")


@lru_cache(maxsize=8192)
def initials(text: str) -> str:
    """Return the first letters: 报工 -> bg."""
    return fold("".join(lazy_pinyin(text, style=Style.FIRST_LETTER))).replace(" ", "")


class Sounds:
    """Words by sound; a look-up compares against all of them in C, some microseconds per hundred words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_sound: dict[str, list[str]] = {}
        self._by_initials: dict[str, list[str]] = {}
        for word in dict.fromkeys(words):
            key = fold(normalise(word))
            self._by_sound.setdefault(sound(key), []).append(word)
            self._by_initials.setdefault(initials(key), []).append(word)
        self._sounds = tuple(self._by_sound)

    def close(self, said: str, *, cutoff: int = CLOSE) -> list[tuple[str, float]]:
        """Return up to three words that sound like `said` (folded, short) with their score, best first."""
        if not said or len(said) > 24:  # noqa: PLR2004 (a word, not a sentence)
            return []
        short = [(word, 90.0) for word in self._by_initials.get(said, ())] if said.isascii() else []
        found = process.extract(sound(said), self._sounds, scorer=fuzz.ratio, score_cutoff=cutoff, limit=FEW)
        near = [(word, score) for key, score, _ in found for word in self._by_sound[key]]
        return sorted([*short, *near], key=lambda pair: -pair[1])[:FEW]
