"""Refusals of the shop floor: classes with a code and data, no sentences.

The sentence of each code stands in `notifier/text.py`; its placeholders equal the fields here (house test).
Anything that is not a `DomainError` is a bug and gets an incident number.
"""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
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
class OverReport(DomainError):
    """More pieces than the operation has left."""

    order: str
    operation: str
    left: Decimal
    asked: Decimal
    rework: Decimal


@dataclass(eq=False)
class NothingToReport(DomainError):
    """A report of no pieces, or of fewer than none."""

    order: str
    operation: str


@dataclass(eq=False)
class CannotReport(DomainError):
    """No work may be reported on the order as it stands."""

    thing: str
    status: str


@dataclass(eq=False)
class CannotIssue(DomainError):
    """Material may not be issued from or to this thing as it stands."""

    thing: str
    status: str


@dataclass(eq=False)
class LotShort(DomainError):
    """The lot has less than was asked for."""

    lot: str
    on_hand: Decimal
    asked: Decimal
    unit: str


@dataclass(eq=False)
class UnitMismatch(DomainError):
    """The amount was said in a unit that cannot be turned into the thing's own."""

    material: str
    unit: str
    said: str


@dataclass(eq=False)
class SeveralLots(DomainError):
    """Several materials have a lot of this number; the label's full code tells them apart."""

    lot: str
    count: int


@dataclass(eq=False)
class LotExpired(DomainError):
    """The lot may not be used any more."""

    lot: str
    expired_at: datetime


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


@dataclass(eq=False)
class NothingToUndo(DomainError):
    """No answer of this number can be undone here."""

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


@dataclass(eq=False)
class NoRoute(DomainError):
    """The product has no route or no bill of material to freeze."""

    product: str


@dataclass(eq=False)
class UnfinishedOrder(DomainError):
    """The order cannot be finished: an operation still has pieces."""

    order: str
    operation: str
    left: Decimal


@dataclass(eq=False)
class NotOnBom(DomainError):
    """The material is not on the order's bill of material."""

    material: str
    order: str


@dataclass(eq=False)
class UnknownPerson(DomainError):
    """The account is not bound to an employee."""

    name: str


@dataclass(eq=False)
class NobodyToAsk(DomainError):
    """The one who would confirm has no account to be asked on."""

    name: str


@dataclass(eq=False)
class AlreadyBound(DomainError):
    """The account already belongs to an employee."""

    name: str


@dataclass(eq=False)
class HasLeft(DomainError):
    """The person is no employee any more: their account does nothing, and nothing is bound to them."""

    name: str


@dataclass(eq=False)
class EmptyDirectory(DomainError):
    """A platform's directory was read and nobody was in it: nothing is done about that."""

    platform: str
