"""Did you mean: words compared by how they sound (pinyin) and by their initials."""

import os
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, product

from rapidfuzz import fuzz, process

# How whole phrases are read weighs 55 MB and half a second of every start. A word of ours is known by what
# each of its characters may be read as instead; nothing is written into the dictionaries, so none is copied.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import Style, lazy_pinyin, pinyin

from commands.kit.normal import fold, normalise

CLOSE = 80  # of 100: 晚工 -> 完工 is 100, 宝工 -> 报工 is 100, 保功 -> 报工 is 100
FEW = 3
READINGS = 2  # of a character: 重 is zhòng or chóng; what comes after is rare


@lru_cache(maxsize=8192)
def sound(text: str) -> str:
    """Return the pinyin of a word as it is usually read, latin letters as they are: 报工 -> baogong."""
    return _written(lazy_pinyin(text))


@lru_cache(maxsize=8192)
def readings(text: str, *, style: Style = Style.NORMAL) -> tuple[str, ...]:
    """Return every way in which a word may be read, the usual one first: 重启 -> zhongqi, chongqi."""
    each = [one[:READINGS] for one in pinyin(text, style=style, heteronym=True)]
    return tuple(dict.fromkeys(map(_written, islice(product(*each), READINGS**3))))


def _written(syllables: Iterable[str]) -> str:
    return fold("".join(syllables)).replace(" ", "")


class Sounds:
    """Words by sound; a look-up compares against all of them in C, some microseconds per hundred words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_sound: dict[str, list[str]] = {}
        self._by_initials: dict[str, list[str]] = {}
        for word in dict.fromkeys(words):
            key = fold(normalise(word))
            for read in readings(key):
                self._by_sound.setdefault(read, []).append(word)
            for read in readings(key, style=Style.FIRST_LETTER):
                self._by_initials.setdefault(read, []).append(word)
        self._sounds = tuple(self._by_sound)

    def close(self, said: str, *, cutoff: int = CLOSE) -> list[tuple[str, float]]:
        """Return up to three words that sound like `said` (folded, short) with their score, best first."""
        if not said or len(said) > 24:  # noqa: PLR2004 (a word, not a sentence)
            return []
        short = [(word, 90.0) for word in self._by_initials.get(said, ())] if said.isascii() else []
        found = process.extract(
            sound(said), self._sounds, scorer=fuzz.ratio, score_cutoff=cutoff, limit=FEW * READINGS
        )
        near = [(word, score) for key, score, _ in found for word in self._by_sound[key]]
        best = dict(sorted([*short, *near], key=lambda pair: pair[1]))  # the best of each word stands last
        return sorted(best.items(), key=lambda pair: -pair[1])[:FEW]
