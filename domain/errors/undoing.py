"""Why an act is not undone."""

from dataclasses import dataclass

from domain.errors.base import DomainError


@dataclass(eq=False)
class NothingToUndo(DomainError):
    """No answer of this number can be undone here."""

    number: str


@dataclass(eq=False)
class NoSuchAnswer(DomainError):
    """No answer here has this number."""

    number: str


@dataclass(eq=False)
class UndoneLast(DomainError):
    """The last act was an undo itself; `earlier` is the number of the one before, `act` what it did."""

    earlier: str
    act: str


@dataclass(eq=False)
class UndoTooLate(DomainError):
    """The window for one's own undo has passed; the leader may."""

    number: str
    minutes: int


@dataclass(eq=False)
class CannotUndo(DomainError):
    """This kind of act has no reversal; `reason` is an error-reason code of the text table."""

    number: str
    why: str


@dataclass(eq=False)
class StoodUpon(DomainError):
    """Later events stand on the act."""

    number: str
    later: str
