"""A command as the grammar sees it: what its function declares, and the phrasings that follow from it."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from commands.kit.marks import MarkedSlots, marked_slots
from commands.kit.slots import SlotType
from commands.kit.usage import Part, Usage
from notifier.card import Card
from notifier.text import _

Run_ = Callable[..., Card]
F = TypeVar("F", bound=Run_)
Confirmation = str | Callable[[Mapping[str, Any]], str | None] | None
Choices = Callable[[Any, Mapping[str, Any]], Sequence[str]]
ATTRIBUTE = "__command__"
NO_DEFAULT: Any = inspect.Parameter.empty


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What `@command` was given; nothing is read or checked before the registry is built."""

    lines: tuple[str, ...]
    reads: bool = False
    roles: tuple[str, ...] = ()
    permission: str = ""
    confirm: Confirmation = None
    group: str = "生产"
    examples: tuple[str, ...] = ()
    choices: Mapping[str, Choices] = field(default_factory=dict)
    known: Mapping[str, Choices] = field(default_factory=dict)
    looks: bool = False
    function: Run_


def command(  # noqa: PLR0913 (a declaration: each has its name)
    usage: str,
    *more: str,
    reads: bool = False,
    roles: Sequence[str] = (),
    permission: str = "",
    confirm: Confirmation = None,
    group: str = "生产",
    examples: Sequence[str] = (),
    choices: Mapping[str, Choices] | None = None,
    known: Mapping[str, Choices] | None = None,
    looks: bool = False,
) -> Callable[[F], F]:
    """Declare a function as a command; it stays the function that it was.

    `usage` is grammar, help and documentation. `more` are further usages (with slots) or verbs (without);
    one of slots alone is heard where no verb is said: <lot> <verdict> for 「LOT-7001 OK」.
    `reads`: asks only, runs off the writer. `roles` (any of them) or `permission` say who may. `confirm`: a
    question, or a function of the arguments that returns one where it is needed. `choices`: slot name ->
    function of (context, what is known) that returns the words to offer as buttons. `known`: the same for
    what need not be asked: a single word is taken for granted. `looks`: shows what a thing is, and answers
    who asks about one in the words of an act (冻结了吗).
    """

    def declare(function: F) -> F:
        declaration = Declaration(
            lines=(usage, *more),
            reads=reads,
            roles=tuple(roles),
            permission=permission,
            confirm=confirm,
            group=group,
            examples=tuple(examples),
            choices=MappingProxyType(dict(choices or {})),
            known=MappingProxyType(dict(known or {})),
            looks=looks,
            function=function,
        )
        setattr(function, ATTRIBUTE, declaration)
        return function

    return declare


@dataclass(frozen=True, eq=False)
class Slot:
    """One argument of one phrasing. `marks` are (word, may stand before, may stand after)."""

    name: str
    type: SlotType
    label: str
    required: bool
    many: bool = False
    default: Any = NO_DEFAULT
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether a word shows which number or name is meant."""
        return bool(self.before or self.after)

    def say(self, value: Any) -> str:
        """Return the words for a value (or several)."""
        return " ".join(map(self.type.say, value)) if self.many else self.type.say(value)

    def dump(self, value: Any) -> Any:
        """Return JSON-able data for a dialogue row."""
        return [self.type.dump(one) for one in value] if self.many else self.type.dump(value)

    def load(self, data: Any) -> Any:
        """Return the value from a dialogue row."""
        return tuple(self.type.load(one) for one in data) if self.many else self.type.load(data)


@dataclass(frozen=True, eq=False)
class Phrasing:
    """One usage line with typed slots; `verbs` are all first words that open it, none if it needs none."""

    usage: Usage
    verbs: tuple[str, ...] = field(repr=False)
    slots: tuple[Slot, ...] = field(repr=False)

    @cached_property
    def marked(self) -> tuple[MarkedSlots, ...]:
        """The slots that words mark, by type."""
        return marked_slots(self.slots)

    @cached_property
    def bare(self) -> tuple[Slot, ...]:
        """The slots that take unmarked words, in the order in which they choose."""
        bare = (slot for slot in self.slots if not slot.type.free and (slot.required or not slot.marked))
        return tuple(sorted(bare, key=lambda slot: slot.type.turn))

    @cached_property
    def required(self) -> tuple[Slot, ...]:
        """The slots that must be filled, in the order of the usage line."""
        return tuple(slot for slot in self.slots if slot.required)

    @cached_property
    def text(self) -> Slot | None:
        """The slot of free text, if there is one."""
        return next((slot for slot in self.slots if slot.type.free), None)

    @cached_property
    def noise(self) -> tuple[str, ...]:
        """The optional words of the usage line."""
        return tuple(part.word for part in self.usage.parts if part.word and part.optional)

    def slot(self, name: str) -> Slot | None:
        """Return the slot of this name."""
        return next((slot for slot in self.slots if slot.name == name), None)

    def takes(self, kind: str) -> "tuple[Phrasing, Slot] | None":
        """Return itself and its required slot of this kind; None where it has none or no verb."""
        slots = (slot for slot in self.required if slot.type.kind == kind and not slot.type.free)
        slot = next(slots, None) if self.verbs else None
        return (self, slot) if slot else None

    def sentence(self, values: Mapping[str, Any]) -> str:
        """Return the canonical sentence that says `values`: what a button says, what a talk shows."""
        said = (self._say(part, values) for part in self.usage.parts if part.slot or not part.optional)
        return " ".join(word for word in said if word)

    def _say(self, part: Part, values: Mapping[str, Any]) -> str:
        slot = self.slot(part.slot) if part.slot else None
        if slot is None:
            return part.word
        value = values.get(slot.name)
        if value is None or (not slot.required and value == slot.default):
            return ""
        return f"{part.before}{slot.say(value)}{part.after}"

    @property
    def is_lone(self) -> bool:
        """Whether it is a code that stands alone: what a scan is."""
        return not self.verbs and len(self.slots) == 1 and not self.slots[0].marked

    @property
    def shown(self) -> str:
        """The usage line with the names of its slots in the reader's language, for help."""
        said = []
        for part in self.usage.parts:
            slot = self.slot(part.slot) if part.slot else None
            text = f"{part.before}<{_(slot.label)}>{part.after}" if slot else part.word
            said.append(f"[{text}]" if part.optional else text)
        return " ".join(said)


@dataclass(frozen=True, eq=False, kw_only=True)
class Spec:
    """A checked command: frozen, shared by every message."""

    name: str
    function: Run_
    help: str
    phrasings: tuple[Phrasing, ...]
    reads: bool
    roles: tuple[str, ...]
    permission: str
    confirm: Confirmation
    group: str
    examples: tuple[str, ...]
    choices: Mapping[str, Choices]
    known: Mapping[str, Choices]
    looks: bool
    place: str

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """The defaults of the signature, as values of their slot types (0 is a Decimal)."""
        slots = (slot for phrasing in self.phrasings for slot in phrasing.slots)
        return {slot.name: slot.default for slot in slots if slot.default is not NO_DEFAULT}

    @property
    def verb(self) -> str:
        """The word by which people know it."""
        return next(
            (phrasing.usage.words[0] for phrasing in self.phrasings if phrasing.usage.words), self.name
        )

    @property
    def usage(self) -> str:
        """The first usage line as people see it."""
        return self.phrasings[0].shown

    def __repr__(self) -> str:
        return f"<command {self.name}: {self.phrasings[0].usage.line}>"
