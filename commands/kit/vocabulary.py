"""The words of one plant: names with their aliases per kind, and the forms of its codes."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_letters, digits
from typing import Protocol

from commands.kit.normal import fold, normalise
from commands.kit.phrases import Hit, PhraseIndex, longest
from commands.kit.sound import Sounds

_CODE_LETTERS = frozenset(ascii_letters + digits + "_-/.")  # what stands before a code belongs to it


@dataclass(frozen=True, slots=True)
class Name:
    """A thing of the plant under its canonical name: `kind` is operation, station, person, material, ..."""

    kind: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CodeForm:
    """How codes of one kind look: `pattern` over normalised text, `canonical` filled with its groups."""

    kind: str
    pattern: str
    canonical: str

    @classmethod
    def prefixed(cls, kind: str, prefix: str) -> "CodeForm":
        """Return the form `prefix` + number (+ further parts): WO-1001, wo1001, WO 1001-R1."""
        stem = re.escape(prefix.rstrip("-_ "))
        return cls(
            kind=kind,
            pattern=rf"{stem.lower()}[-_ ]?(\d{{1,12}}(?:-[a-z0-9]{{1,8}}){{0,3}})",
            canonical=prefix + "{}",
        )

    @cached_property
    def regex(self) -> "re.Pattern[str]":
        """The pattern with its edge behind: never the head of a longer code."""
        flags = re.NOFLAG if self.pattern == self.pattern.lower() else re.IGNORECASE
        return re.compile(rf"{self.pattern}(?![a-z0-9_]|[-/]\d)", flags)

    def find(self, folded: str) -> Iterator["re.Match[str]"]:
        """Yield the codes of this form in folded text, never the tail of a longer code."""
        for found in self.regex.finditer(folded):
            at = found.start()
            if at == 0 or folded[at - 1] not in _CODE_LETTERS:
                yield found

    def canonical_of(self, found: "re.Match[str]") -> str:
        """Return the code as the plant writes it."""
        groups = [group.upper() for group in found.groups() if group is not None]
        return self.canonical.format(*groups or (found[0].upper(),))


DEFAULT_FORMS = (CodeForm.prefixed("order", "WO-"), CodeForm.prefixed("andon", "A-"))


class Vocabulary(Protocol):
    """What the grammar must know of a plant; handed in, so the grammar stays pure."""

    @property
    def forms(self) -> Mapping[str, Sequence[CodeForm]]:
        """The forms of codes by kind."""
        ...

    def names_in(self, folded: str, *, limit: int) -> Sequence[Hit[Name]]:
        """Return the names (and aliases) found in the first `limit` characters, the longest at each place."""
        ...

    def names(self, kind: str) -> Sequence[str]:
        """Return the canonical names of one kind, in the order in which people should see them."""
        ...

    def sounding(self, kind: str, said: str) -> Sequence[str]:
        """Return the canonical names of this kind that sound like the misspelt `said`, the closest first."""
        ...

    def like(self, kind: str, short: str) -> Sequence[str]:
        """Return the known codes that a short form may mean: 1001 -> WO-1001."""
        ...


class WordList:
    """A vocabulary over plain data: names with aliases, forms, and a function that knows short codes.

    `names` is kind -> canonical name -> aliases. `forms` replace the default form of their kind. `like(kind,
    short)` is asked only for bare numbers where a code of that kind is wanted; it may look into a database.
    """

    def __init__(
        self,
        names: Mapping[str, Mapping[str, Iterable[str]]] | None = None,
        *,
        forms: Iterable[CodeForm] = (),
        like: Callable[[str, str], Sequence[str]] | None = None,
    ) -> None:
        given = names or {}
        self._names = {kind: tuple(by_name) for kind, by_name in given.items()}
        self._spellings = {kind: _spellings(by_name) for kind, by_name in given.items()}
        self._sounds = {kind: Sounds(words) for kind, words in self._spellings.items()}
        self._index = PhraseIndex(
            (word, Name(kind, name))
            for kind, words in self._spellings.items()
            for word, name in words.items()
        )
        self.forms = _forms(forms)
        self._like = like

    def names_in(self, folded: str, *, limit: int) -> Sequence[Hit[Name]]:
        """Return the longest name at each place."""
        return longest(self._index.hits(folded, limit=limit))

    def names(self, kind: str) -> Sequence[str]:
        """Return the canonical names in the order given."""
        return self._names.get(kind, ())

    def sounding(self, kind: str, said: str) -> Sequence[str]:
        """Return up to three names close by pinyin."""
        sounds, spellings = self._sounds.get(kind), self._spellings.get(kind, {})
        near = sounds.close(fold(normalise(said))) if sounds else []
        return tuple(dict.fromkeys(spellings[word] for word, _ in near))

    def like(self, kind: str, short: str) -> Sequence[str]:
        """Return the known codes that end in `short`."""
        return self._like(kind, short) if self._like else ()


def known_codes(codes: Mapping[str, Iterable[str]]) -> Callable[[str, str], Sequence[str]]:
    """Return a `like` over codes in memory: those whose number is `short`, else those that end in it."""
    by_kind = {kind: tuple(known) for kind, known in codes.items()}

    def like(kind: str, short: str) -> Sequence[str]:
        known = by_kind.get(kind, ())
        exact = [code for code in known if re.sub(r"^\D+", "", code) == short]
        return exact or [code for code in known if len(short) > 1 and code.endswith(short)]

    return like


def _forms(given: Iterable[CodeForm]) -> Mapping[str, Sequence[CodeForm]]:
    forms: dict[str, list[CodeForm]] = {}
    for form in given:
        forms.setdefault(form.kind, []).append(form)
    for form in DEFAULT_FORMS:
        forms.setdefault(form.kind, [form])
    return forms


def _spellings(by_name: Mapping[str, Iterable[str]]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for name, aliases in by_name.items():
        for word in (name, *aliases):
            folded = fold(normalise(word))
            spellings.setdefault(folded, name)
            spellings.setdefault(folded.replace(" ", ""), name)
    return {word: name for word, name in spellings.items() if word}
