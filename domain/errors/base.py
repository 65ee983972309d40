"""Refusals of the shop floor: a class with a code and data, and those that any thing may meet."""

import re
from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(eq=False)
class DomainError(Exception):
    """A refusal that a person can understand and act upon."""

    code: ClassVar[str] = "domain"

    def __init_subclass__(cls) -> None:
        """Derive the code from the class name: `OverReport` -> `over_report`."""
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def data(self) -> dict[str, object]:
        """Return the placeholders of the sentence."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return f"{self.code} {self.data()}"


@dataclass(eq=False)
class NotFound(DomainError):
    """Nothing of this kind has this code."""

    kind: str
    code_text: str


@dataclass(eq=False)
class WrongState(DomainError):
    """The thing may not make this move from where it stands."""

    thing: str
    status: str
    wanted: str


@dataclass(eq=False)
class AlreadyThere(DomainError):
    """Something of this kind already has this code."""

    kind: str
    code_text: str


@dataclass(eq=False)
class NotPermitted(DomainError):
    """The person may not do this; `who` are the names of roles that may."""

    permission: str
    who: str


@dataclass(eq=False)
class NotYourOwn(DomainError):
    """Nobody approves or confirms what they did themselves."""

    thing: str


@dataclass(eq=False)
class Stale(DomainError):
    """The button was made for an earlier state."""

    thing: str
    status: str


@dataclass(eq=False)
class QuestionGone(DomainError):
    """The button `pressed` is of a question that is not open to this person, or not any more."""

    pressed: str


@dataclass(eq=False)
class PressedAlready(DomainError):
    """A button that has its effect once was pressed again; `number` is the answer it got."""

    number: str
