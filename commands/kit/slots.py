"""Slot types: how an argument is found in a sentence, named in Chinese, said again and offered as buttons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from commands.kit.normal import readable
from commands.kit.phrases import Hit, PhraseIndex, longest

if TYPE_CHECKING:
    from commands.kit.context import Context
    from commands.kit.sentence import Sentence

BUTTONS = 8  # choices offered at most


class Rank(IntEnum):
    """How sure a match is; surer matches choose their slots first."""

    EXACT = 0
    PROBABLE = 1
    LOOSE = 2


EXACT, PROBABLE, LOOSE = Rank  # an attribute of an Enum is looked up in Python, a name is not


@dataclass(slots=True, eq=False)  # not frozen: a dozen are made of every message
class Match:
    """A value found at `start`–`end` of a sentence."""

    start: int
    end: int
    value: Any
    rank: Rank = Rank.EXACT


@dataclass(frozen=True)
class SlotType:
    """What an argument can be. Add one by subclassing: `matches`, and what differs from plain text.

    `kind` names it for vocabularies and choices, `label` is its Chinese name. Where several types could
    take the same words the lower `turn` chooses first. `load(dump(value)) == value`: a dialogue is a row.
    """

    kind: str
    label: str
    turn: int = 50

    free = False

    def matches(self, sentence: "Sentence") -> Iterable[Match]:  # noqa: ARG002 (subclasses look)
        """Return what could be meant, in the order of the text; must not raise, cost linear in the head."""
        return ()

    def guesses(self, sentence: "Sentence") -> Iterator[Match]:  # noqa: ARG002 (subclasses look)
        """Yield weaker matches; asked only while the slot is still empty when the sure ones are placed."""
        return iter(())

    def say(self, value: Any) -> str:
        """Return the words with which a person would say `value`."""
        return self.dump(value)

    def dump(self, value: Any) -> str:
        """Return `value` as text for the dialogue row."""
        return str(value)

    def load(self, text: str) -> Any:
        """Return the value again from the dialogue row."""
        return text

    def choices(self, ctx: "Context", got: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002 (subclasses look)
        """Return what the missing argument could be, for buttons."""
        return ()


@dataclass(frozen=True)
class FreeText(SlotType):
    """Whatever is left of the sentence: a reason, a description.

    A `shy` one takes nothing while something required is missing: what is left is a misspelt name then.
    """

    turn: int = 99
    shy: bool = False

    free = True

    def say(self, value: Any) -> str:
        """Return the text on one line, so that it can stand in a sentence."""
        return readable(" ".join(str(value).split()))


@dataclass(frozen=True)
class Choice(SlotType):
    """One of a few fixed words; each value with the other ways to say it."""

    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    enum: type[Enum] | None = None
    turn: int = 30

    @classmethod
    def of(cls, label: str, *words: str, **also: Sequence[str]) -> "Choice":
        """Return a choice of `words`; `also` gives other ways to say a word: 合格=("ok", "pass")."""
        return cls("choice", label, words=tuple((word, tuple(also.get(word, ()))) for word in words))

    def matches(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield the words found, the longest at each place (不合格 before 合格)."""
        for hit in longest(_index(self.words).hits(sentence.head, limit=len(sentence.head))):
            yield Match(hit.start, hit.end, self.load(hit.values[0]))

    def dump(self, value: Any) -> str:
        """Return the word."""
        return str(value.value) if isinstance(value, Enum) else str(value)

    def load(self, text: str) -> Any:
        """Return the word, or the member of the enumeration that it stands for."""
        return self.enum(text) if self.enum else text

    def choices(self, ctx: "Context", got: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002 (always the same)
        """Return all words."""
        return [word for word, _ in self.words]


@lru_cache(maxsize=1024)
def _index(words: tuple[tuple[str, tuple[str, ...]], ...]) -> PhraseIndex[str]:
    return PhraseIndex((way, word) for word, also in words for way in (word, *also))


def covered(hit: Hit[Any], others: Iterable[Hit[Any]]) -> bool:
    """Say whether a longer one of the others holds all of `hit`."""
    begin, until, _ = hit
    for start, end, _ in others:  # noqa: SIM110 (any() costs twice as much here)
        if start <= begin and until <= end and end - start > until - begin:
            return True
    return False
