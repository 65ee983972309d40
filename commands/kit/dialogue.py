"""The row of a dialogue, and what can come of a sentence: `Understood`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from commands.kit.spec import Phrasing, Slot, Spec


@dataclass(frozen=True, kw_only=True)
class Pending:
    """An open question to one person in one chat; JSON-able, stored with an expiry by the shell.

    `phrasing` is the place of the usage line in the command, `got` what is known, `slot` what is asked.
    Of a `suggest` it is what was suggested: the sentence (`said`), and the guard of its button.
    """

    command: str
    kind: Literal["ask", "confirm", "suggest"]
    phrasing: int = 0
    got: Mapping[str, Any] = field(default_factory=dict)
    slot: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain data for the row."""
        return {"command": self.command, "kind": self.kind, "phrasing": self.phrasing,
                "got": dict(self.got), "slot": self.slot}  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Pending":
        """Rebuild from the row."""
        return cls(**data)


@dataclass(kw_only=True)  # not frozen: what is understood is made anew of every message
class Filled:
    """A command with what is known of its arguments."""

    spec: Spec
    phrasing: Phrasing
    arguments: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """The canonical sentence that says the same."""
        return self.phrasing.sentence(self.arguments)

    def pending(self, kind: Literal["ask", "confirm"], slot: str = "") -> Pending:
        """Return the dialogue row that lets the next message go on from here."""
        known = {name: self.phrasing.slot(name) for name in self.arguments}
        got = {name: slot.dump(self.arguments[name]) for name, slot in known.items() if slot}
        return Pending(
            command=self.spec.name,
            kind=kind,
            phrasing=self.spec.phrasings.index(self.phrasing),
            got=got,
            slot=slot,
        )


@dataclass(kw_only=True)
class Run(Filled):
    """Understood: call it. `confirmed` when the person has confirmed a dangerous act."""

    confirmed: bool = False


@dataclass(kw_only=True)
class Ask(Filled):
    """An argument is missing. `unclear` are words nobody understood; `options` could be the answer."""

    slot: Slot
    unclear: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def row(self) -> Pending:
        """What the shell stores."""
        return self.pending("ask", self.slot.name)


@dataclass(kw_only=True)
class Confirm(Filled):
    """A dangerous act: `question` must be answered with 确认 first."""

    question: str

    @property
    def row(self) -> Pending:
        """What the shell stores."""
        return self.pending("confirm")


@dataclass(frozen=True, kw_only=True)
class Suggest:
    """Nearly understood: whole sentences that could be meant; `unclear` is what did not fit."""

    sentences: tuple[str, ...]
    unclear: tuple[str, ...] = ()
    spec: Spec | None = None

    @property
    def only(self) -> str:
        """The sentence, where only one could be meant; else nothing."""
        return self.sentences[0] if len(self.sentences) == 1 else ""

    def row(self, *, guard: str) -> Pending:
        """Return what the shell stores of the only sentence; `guard` is that of its button."""
        name = self.spec.name if self.spec else ""
        return Pending(command=name, kind="suggest", got={"said": self.only, "guard": guard})


@dataclass(frozen=True, kw_only=True)
class Cancelled:
    """The open question is withdrawn; nothing was done."""

    spec: Spec | None = None


@dataclass(frozen=True, kw_only=True)
class NotUnderstood:
    """Nothing fits. `found`: things that were recognised (kind, name); `near`: a command that was touched."""

    reason: Literal["empty", "unknown", "nothing_pending", "heard"]
    said: str = ""
    found: tuple[tuple[str, str], ...] = ()
    near: Spec | None = None


def concluded(spec: Spec, phrasing: Phrasing, arguments: Mapping[str, Any]) -> "Ask | Confirm | Run":
    """Return what follows from what is known: the next question, the one before a dangerous act, or it."""
    for slot in phrasing.required:
        if slot.name not in arguments:
            return Ask(spec=spec, phrasing=phrasing, arguments=arguments, slot=slot)
    return complete(spec, phrasing, arguments)


def complete(spec: Spec, phrasing: Phrasing, arguments: Mapping[str, Any]) -> Confirm | Run:
    """Return what is done now that nothing is missing: it is asked about if it is dangerous."""
    question = spec.confirm(arguments) if callable(spec.confirm) else spec.confirm
    if question:
        return Confirm(spec=spec, phrasing=phrasing, arguments=arguments, question=question)
    return Run(spec=spec, phrasing=phrasing, arguments=arguments)


Understood = Run | Ask | Confirm | Suggest | Cancelled | NotUnderstood
