"""Slot types for what the plant has a name or a code for: orders, operations, lots, people, stations."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commands.kit.mentions import PERSON
from commands.kit.normal import fold, normalise
from commands.kit.quantities import UNIT
from commands.kit.slots import BUTTONS, LOOSE, PROBABLE, Match, SlotType

if TYPE_CHECKING:
    from commands.kit.context import Context
    from commands.kit.sentence import Sentence

SHORT_LOOKUPS = 4  # bare numbers that the vocabulary is asked about, per message and kind
LONG_NUMBER = 6  # digits from which a bare number may be a lot or a serial

_SHORT = re.compile(
    r"(?<![a-z0-9._/#\-第])(?<!\d:)(?<!站位)(?<!料站)(?<!槽位)(?<!槽)(?<!站位 )(?<!槽位 )"
    r"\d{1,12}(?![a-z0-9%]|[-/.:]\d)"
)
_LOOSE = re.compile(
    r"(?<![a-z0-9._/+\-])(?=[a-z._/+\-]{0,47}\d)[a-z0-9][a-z0-9._/+\-]{1,46}[a-z0-9](?![a-z0-9])"
)
_QUANTITY_LIKE = re.compile(rf"\d+(?:\.\d+)?(?:{UNIT})?|\d{{1,4}}[-/]\d{{1,2}}(?:[-/]\d{{1,2}})?")


@dataclass(frozen=True)
class Thing(SlotType):
    """A code or a name of one kind.

    Exact: the plant's forms (WO-1001) and names with aliases (hj -> 焊接). Probable: a bare number that the
    vocabulary knows as exactly one code. Loose (where `loose`): any mixed token, any long number.
    """

    loose: bool = False
    turn: int = 20

    def matches(self, sentence: "Sentence") -> list[Match]:
        """Return names, codes of the plant's forms, codes of pictures."""
        exact = self._exact(sentence)
        if len(exact) > 1:
            exact.sort(key=lambda match: (match.start, match.end, match.value))
        return [*exact, *self._atoms(sentence)] if sentence.atoms else exact

    def guesses(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield who is mentioned, numbers that mean one known code, (if `loose`) what looks like a code."""
        if self.kind == PERSON:
            yield from (
                Match(it.start, it.end, it.person, PROBABLE) for it in sentence.mentioned if it.person
            )
        yield from self._short(sentence)
        if self.loose:
            yield from self._loose(sentence)

    def choices(self, ctx: "Context", got: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002 (kinds know nothing more)
        """Return the first names of this kind."""
        return ctx.vocabulary.names(self.kind)[:BUTTONS]

    def _exact(self, sentence: "Sentence") -> list[Match]:
        kind, matches = self.kind, list[Match]()
        for form in sentence.vocabulary.forms.get(kind, ()):
            codes = form.find(sentence.head)
            matches += [Match(code.start(), code.end(), form.canonical_of(code)) for code in codes]
        for start, end, names in sentence.names:
            for name in names:
                if name.kind == kind:
                    matches.append(Match(start, end, name.name))
                    break
        return matches

    def _atoms(self, sentence: "Sentence") -> Iterator[Match]:
        """Yield codes of pictures: of this kind's form, else any where `loose` and no other kind's."""
        for start, end in sentence.atoms:
            code = sentence.text[start:end]
            known = dict(_whole_forms(code, sentence))
            if self.kind in known:
                yield Match(start, end, known[self.kind])
            elif self.loose and not known:
                yield Match(start, end, code, LOOSE)

    def _short(self, sentence: "Sentence") -> Iterator[Match]:
        asked = 0
        for found in _SHORT.finditer(sentence.head):
            if _has_unit(sentence, found.end()):
                continue
            asked += 1
            if asked > SHORT_LOOKUPS:
                return
            known = sentence.vocabulary.like(self.kind, found[0])
            if len(known) == 1:
                yield Match(found.start(), found.end(), known[0], PROBABLE)

    def _loose(self, sentence: "Sentence") -> Iterator[Match]:
        taken = sentence.coded(but=self.kind)
        for found in _LOOSE.finditer(sentence.head):
            start, end = found.span()
            if any(start < until and begin < end for begin, until in taken) or _is_quantity(found[0]):
                continue
            yield Match(start, end, sentence.text[start:end].upper(), LOOSE)


def _whole_forms(code: str, sentence: "Sentence") -> Iterator[tuple[str, str]]:
    for kind, forms in sentence.vocabulary.forms.items():
        for form in forms:
            if whole := form.regex.fullmatch(fold(normalise(code))):
                yield kind, form.canonical_of(whole)


@dataclass(frozen=True)
class AnyThing(Thing):
    """A code of any kind, in the plant's own writing where its form is known."""

    loose: bool = True

    def _atoms(self, sentence: "Sentence") -> Iterator[Match]:
        for start, end in sentence.atoms:
            code = sentence.text[start:end]
            known = dict(_whole_forms(code, sentence))
            yield Match(start, end, next(iter(known.values()), code))

    def _exact(self, sentence: "Sentence") -> list[Match]:
        return [
            Match(found.start(), found.end(), form.canonical_of(found))
            for forms in sentence.vocabulary.forms.values()
            for form in forms
            for found in form.find(sentence.head)
        ]

    def _short(self, sentence: "Sentence") -> Iterator[Match]:
        for kind in sentence.vocabulary.forms:
            yield from Thing(kind, self.label)._short(sentence)  # noqa: SLF001 (its own class)

    def _loose(self, sentence: "Sentence") -> Iterator[Match]:
        for found in _LOOSE.finditer(sentence.head):
            if not _is_quantity(found[0]):
                yield Match(found.start(), found.end(), sentence.text[found.start() : found.end()], LOOSE)


def _is_quantity(token: str) -> bool:
    return bool(_QUANTITY_LIKE.fullmatch(token)) and not (token.isdigit() and len(token) >= LONG_NUMBER)


_UNIT_NEXT = re.compile(rf" ?(?:{UNIT})(?![a-z0-9])")


def _has_unit(sentence: "Sentence", end: int) -> bool:
    unit = _UNIT_NEXT.match(sentence.folded, end)
    return unit is not None and not sentence.is_within_name(unit.end())
