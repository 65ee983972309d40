"""Ways to read a message as a command: which verbs stand in it, and how well each one explains the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from commands.kit.fill import Filling, Span, fill
from commands.kit.phrases import Hit
from commands.kit.registry import Opening
from commands.kit.sentence import Sentence, is_han
from commands.kit.slots import covered
from commands.kit.spec import Spec

VERBS = 6  # places of verbs that are tried in one message
HITS = 48  # places of verbs that are looked at


@dataclass(slots=True, eq=False)
class Attempt:
    """One way to read a message: an opening, where its verb stands, and what fills its slots.

    `fronted`: nothing but names, codes and numbers stands before the verb.
    """

    opening: Opening
    verb: Span
    filling: Filling
    fronted: bool

    @property
    def cost(self) -> tuple[int, int, int, int]:
        """The lower the better: nothing left over, nothing missing, verb in front, more of its own words."""
        words = sum(map(len, self.opening.words)) + self.verb[1] - self.verb[0]
        return (
            len(self.filling.unclear) + self.filling.doubtful,
            len(self.filling.missing),
            self.verb[0],
            -words,
        )


def best_of(hits: Sequence[Hit[Opening]], sentence: Sentence) -> Attempt | None:
    """Return the cheapest reading of a sentence in which these verbs stand; None where it has none."""
    readings = list(attempts(hits, sentence)) if hits else []
    return readings[0] if len(readings) == 1 else min(readings, key=lambda it: it.cost, default=None)


def attempts(hits: Sequence[Hit[Opening]], sentence: Sentence) -> Iterator[Attempt]:
    """Yield every reading that is worth a look; the caller takes the cheapest."""
    for hit in _plausible(hits[:HITS], sentence):
        start, end, openings = hit
        fronted = start == 0 or not any(map(is_han, _unnamed(sentence, start)))
        alone = end - start > 1 or _stands_alone(start, sentence)
        whole: Spec | None = None
        for opening in openings:
            if opening.spec is whole and not opening.words:
                continue  # its first usage explains all of it: another costs as much
            spans = _further(opening, sentence, end) if alone or opening.words else None
            if spans is not None:
                filling = fill(opening.phrasing, sentence, verb=((start, end), *spans))
                whole = opening.spec if filling.is_whole and not opening.words else whole
                yield Attempt(opening, (start, end), filling, fronted)


def _plausible(hits: Sequence[Hit[Opening]], sentence: Sentence) -> Sequence[Hit[Opening]]:
    """Return the verbs that are no part of a longer verb or name (接 in 焊接), the first few of them."""
    others: list[Hit[Any]] = [*hits, *sentence.names[:HITS]]
    return [hit for hit in hits if not covered(hit, others)][:VERBS]


def _stands_alone(at: int, sentence: Sentence) -> bool:
    """Say whether a verb of one character is a word of its own: a 汉字 must not be part of another."""
    return not is_han(sentence.folded[at]) or (sentence.opens(at) and sentence.closes(at + 1))


def _unnamed(sentence: Sentence, end: int) -> str:
    """Return what stands before `end` and is no name of the plant."""
    text = list(sentence.folded[:end])
    for hit in sentence.names:
        text[hit.start : hit.end] = " " * (hit.end - hit.start)
    return "".join(text[:end])


def _further(opening: Opening, sentence: Sentence, at: int) -> list[Span] | None:
    """Return where the further words of a usage stand behind `at`, or before it; None if one is absent."""
    spans = []
    for word in opening.words:
        found = sentence.head.find(word, at)
        found = found if found >= 0 else sentence.head.find(word)
        if found < 0:
            return None
        at = found + len(word)
        spans.append((found, at))
    return spans
