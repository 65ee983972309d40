"""Every command of the house, found by itself and checked before anything starts."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any, Final

from commands.kit.normal import fold, normalise
from commands.kit.phrases import PhraseIndex
from commands.kit.reading import BadCommand, read_command
from commands.kit.sound import Sounds
from commands.kit.spec import ATTRIBUTE, Choices, Phrasing, Run_, Spec
from notifier.card import Button

Likely = Callable[[Any, str, str], Sequence[Button]]
CODES: Final = frozenset({"lot", "slot"})


class GrammarError(RuntimeError):
    """Commands that contradict themselves or each other: nothing starts; every problem names its place."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n" + "\n".join(self.problems))


@dataclass(frozen=True, eq=False)
class Opening:
    """A phrasing with one of its verbs, and the further words that must stand in the sentence."""

    spec: Spec
    phrasing: Phrasing
    words: tuple[str, ...]


class Registry:
    """Commands by verb; looking one up costs the same with ten commands and with a thousand.

    `choices` offers buttons for a kind of slot (order, operation, ...) where a command names none of its own,
    `likely` those for a thing of which nothing was said: a function of (context, kind, name).
    """

    def __init__(
        self,
        functions: Iterable[Run_],
        *,
        choices: Mapping[str, Choices] | None = None,
        likely: Likely | None = None,
    ) -> None:
        self.specs = _read(functions)
        self.likely = likely
        self.choices = MappingProxyType(dict(choices or {}))
        self.by_name = MappingProxyType({spec.name: spec for spec in self.specs})
        _check(self.specs)
        openings = [(verb, opening) for spec in self.specs for verb, opening in _openings(spec)]
        self.verbs: PhraseIndex[Opening] = PhraseIndex(openings)
        self.marks = _marks(self.specs)
        quiet = [(spec, one) for spec in self.specs for one in spec.phrasings if not one.verbs]
        self.scan = next((it for it in quiet if it[1].is_lone), None)
        self.unsaid = tuple(it for it in quiet if not it[1].is_lone)
        self.look = next((spec for spec in self.specs if spec.looks), None)
        self.sounds = Sounds(verb for verb, _ in openings)

    @classmethod
    def discover(
        cls,
        package: ModuleType | str,
        *,
        choices: Mapping[str, Choices] | None = None,
        likely: Likely | None = None,
    ) -> "Registry":
        """Return the registry of every command in the modules of `package` (its sub-packages left out)."""
        home = importlib.import_module(package) if isinstance(package, str) else package
        names = sorted(
            f"{home.__name__}.{info.name}" for info in pkgutil.iter_modules(home.__path__) if not info.ispkg
        )
        return cls(
            (one for name in names for one in declared_in(importlib.import_module(name))),
            choices=choices,
            likely=likely,
        )

    def taking(self, kind: str) -> tuple[Spec, ...]:
        """Return the commands that have a required slot of this kind, those that ask for a 确认 last."""
        taking = [spec for spec in self.specs if any(phrasing.takes(kind) for phrasing in spec.phrasings)]
        return tuple(sorted(taking, key=lambda spec: spec.confirm is not None))

    def find(self, word: str) -> Spec | None:
        """Return the command that people know by `word` (a verb or a name)."""
        found = self.verbs.get(fold(normalise(word)))
        return found[0].spec if found else self.by_name.get(word)


def declared_in(module: ModuleType) -> list[Run_]:
    """Return the commands written in `module` itself, not those it imports."""
    return [
        value
        for value in vars(module).values()
        if callable(value) and hasattr(value, ATTRIBUTE) and value.__module__ == module.__name__
    ]


def _read(functions: Iterable[Run_]) -> tuple[Spec, ...]:
    specs: list[Spec] = []
    problems: list[str] = []
    for function in functions:
        try:
            specs.append(read_command(function))
        except BadCommand as problem:
            problems.append(str(problem))
    if problems:
        raise GrammarError(problems)
    return tuple(specs)


def _openings(spec: Spec) -> list[tuple[str, Opening]]:
    return [
        (verb, Opening(spec, phrasing, tuple(fold(normalise(word)) for word in phrasing.usage.words[1:])))
        for phrasing in spec.phrasings
        for verb in phrasing.verbs
    ]


def _check(specs: tuple[Spec, ...]) -> None:
    problems = [
        *_twice([(spec.name, spec) for spec in specs], "the name"),
        *_twice([("<…>", spec) for spec in specs for one in spec.phrasings if one.is_lone], "the lone code"),
        *_twice([(key, spec) for spec in specs for key in _keys(spec)], "the words"),
        *(problem for spec in specs for problem in _inner(spec)),
    ]
    if problems:
        raise GrammarError(problems)


def _keys(spec: Spec) -> list[str]:
    keys = {" ".join((fold(normalise(verb)), *sorted(opening.words))) for verb, opening in _openings(spec)}
    return sorted(keys)


def _twice(named: list[tuple[str, Spec]], what: str) -> list[str]:
    first: dict[str, Spec] = {}
    problems = []
    for name, spec in named:
        other = first.setdefault(name, spec)
        if other is not spec:
            problems.append(
                f"{spec.place}: {spec.name}: {what} 「{name}」 already belong to {other.name} ({other.place})"
            )
    return problems


def _inner(spec: Spec) -> list[str]:
    """Two phrasings of one command under the same words must differ in the types of their slots."""
    seen: dict[tuple[str, ...], str] = {}
    problems = []
    for verb, opening in _openings(spec):
        slots = sorted(slot.type.kind for slot in opening.phrasing.slots if slot.required)
        key = (fold(normalise(verb)), *sorted(opening.words), *slots)
        other = seen.setdefault(key, opening.phrasing.usage.line)
        if other != opening.phrasing.usage.line:
            line = opening.phrasing.usage.line
            problems.append(f"{spec.place}: {spec.name}: 「{line}」 and 「{other}」 cannot be told apart")
    return problems


def _marks(specs: tuple[Spec, ...]) -> tuple[str, ...]:
    """Return the words between which a number may stand: marks of slots, further words of usage lines.

    What marks a code is followed by no number: 上 marks a lot, and 「上一个」 is none.
    """
    phrasings = [phrasing for spec in specs for phrasing in spec.phrasings]
    slots = [slot for phrasing in phrasings for slot in phrasing.slots if slot.type.kind not in CODES]
    words = {word for slot in slots for word in (*slot.before, *slot.after)} | {
        fold(normalise(word))
        for phrasing in phrasings
        for word in (*phrasing.usage.words[1:], *phrasing.noise)
    }
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


Allowed = Callable[[Spec], bool]
