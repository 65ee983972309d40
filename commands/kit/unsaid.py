"""Sentences without a verb: a thing and what became of it (LOT-7001 OK), or all that is needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from commands.kit.fill import Filling, fill
from commands.kit.registry import Registry
from commands.kit.sentence import Sentence, is_han, overlaps
from commands.kit.slots import Choice
from commands.kit.spec import Phrasing, Slot, Spec

TELLING: Final = 2
"""So many values at least tell what is meant where no word of the sentence does."""


@dataclass(frozen=True, eq=False)
class Unsaid:
    """A command whose verb was left out; `sure` where a word of the sentence belongs to it."""

    spec: Spec
    filling: Filling
    sure: bool


def unsaid(registry: Registry, sentence: Sentence) -> Unsaid | None:
    """Return what a sentence means whose verb is left out: surely, else likely; None if nothing."""
    found = list(_readings(registry.unsaid, sentence))
    sure = [it for it in found if it.sure]
    best = min(sure, key=lambda it: len(it.filling.missing), default=None)
    return best or max(found, key=_likelihood, default=None)


def _likelihood(it: Unsaid) -> tuple[int, bool]:
    """Rank what is merely likely: what explains more, then what has no word of its own to miss (换到)."""
    return len(it.filling.values), not any(slot.marked for slot in it.filling.phrasing.required)


def _readings(phrasings: Sequence[tuple[Spec, Phrasing]], sentence: Sentence) -> Iterator[Unsaid]:
    for spec, phrasing in phrasings:
        filling = fill(phrasing, sentence)
        if filling.unclear or not filling.values or _is_strange(filling, sentence):
            continue
        if _is_sure(filling) and not _is_talk(filling, sentence):
            yield Unsaid(spec, filling, sure=True)
        elif _is_whole(spec, filling) and _told(filling) >= TELLING and not _has_remark(filling):
            yield Unsaid(spec, filling, sure=False)


def _is_sure(filling: Filling) -> bool:
    """Say whether a word in the sentence belongs to this command: a mark, or a choice beside its thing."""
    choices = (
        slot.name in filling.values for slot in filling.phrasing.slots if isinstance(slot.type, Choice)
    )
    return filling.marked or (not filling.missing and any(choices))


def _told(filling: Filling) -> int:
    """Return how many values tell what is meant: a remark tells nothing, nor any text where a mark should."""
    slots = filling.phrasing.slots
    text_tells = not any(slot.marked for slot in slots)
    telling = (it for it in slots if not it.type.free or (it.required and text_tells))
    return sum(it.name in filling.values for it in telling)


def _is_whole(spec: Spec, filling: Filling) -> bool:
    """Say whether nothing is missing that the place where somebody stands could not say."""
    return all(slot.name in spec.known for slot in filling.missing)


def _has_remark(filling: Filling) -> bool:
    text = filling.phrasing.text
    return text is not None and not text.required and text.name in filling.values


def _is_talk(filling: Filling, sentence: Sentence) -> bool:
    """Say whether the free text comes first, goes on with a word (合格证在哪), or says the opposite too."""
    slot = filling.phrasing.text
    if slot is None or slot.name not in filling.values:
        return False
    start, end = filling.claimed[-1]  # free text is claimed last
    words = [word for it in filling.phrasing.slots for word in _words(it)]
    first = start == min(filling.claimed)[0]
    return (
        first or _goes_on(sentence.text, start) or any(word in sentence.folded[start:end] for word in words)
    )


def _goes_on(text: str, at: int) -> bool:
    return at > 0 and is_han(text[at - 1]) and is_han(text[at])


def _words(slot: Slot) -> tuple[str, ...]:
    if isinstance(slot.type, Choice):
        return tuple(way for word, also in slot.type.words for way in (word, *also))
    return slot.after


def _is_strange(filling: Filling, sentence: Sentence) -> bool:
    """Say whether what was taken for a code has not the form of its kind, or is another's name."""
    names = [(start, end) for start, end, _ in sentence.names]
    forms = sentence.vocabulary.forms
    return any(forms.get(kind) or overlaps(names, start, end) for kind, start, end in filling.loose)
