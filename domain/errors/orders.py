"""What is refused about orders, operations and reports."""

from dataclasses import dataclass
from decimal import Decimal

from domain.errors.base import DomainError


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
class TooEarly(DomainError):
    """No piece has arrived at the operation yet; `before` is where they are."""

    order: str
    operation: str
    before: str


@dataclass(eq=False)
class MergedInto(DomainError):
    """The operation is not reported by itself: the report of `into` covers it."""

    order: str
    operation: str
    into: str


@dataclass(eq=False)
class DoneOutside(DomainError):
    """A supplier does the operation: it is reported when the pieces come back."""

    order: str
    operation: str
    supplier: str


@dataclass(eq=False)
class DoneHere(DomainError):
    """The operation is done in the house: nothing of it goes to a supplier."""

    order: str
    operation: str


@dataclass(eq=False)
class NotOutside(DomainError):
    """Fewer pieces are at the supplier than are said to have come back, or went there."""

    order: str
    operation: str
    supplier: str
    there: Decimal
    asked: Decimal


@dataclass(eq=False)
class WaitsForChild(DomainError):
    """The operation takes what another order makes, and that is not done yet."""

    order: str
    operation: str
    child: str
    product: str
    status: str


@dataclass(eq=False)
class UndecidedItems(DomainError):
    """The order cannot be finished: items of a review are not decided."""

    order: str
    review: str
    count: int


@dataclass(eq=False)
class UnbookedScrap(DomainError):
    """The order cannot be finished: its operations do not count all that a review has judged scrap."""

    order: str
    review: str
    judged: Decimal
    booked: Decimal


@dataclass(eq=False)
class NotHeldForChange(DomainError):
    """Route and bill of material of a released order are frozen: only a change-hold opens them."""

    order: str
    status: str


@dataclass(eq=False)
class CannotReschedule(DomainError):
    """What is finished or cancelled is not due any more."""

    order: str
    status: str


@dataclass(eq=False)
class DueInThePast(DomainError):
    """An order cannot become due at a time that is over; `due` is that time as the plant writes it."""

    order: str
    due: str


@dataclass(eq=False)
class SayOperation(DomainError):
    """The product takes the material in none or in several operations: which one must be said."""

    product: str
    material: str


@dataclass(eq=False)
class NotSoManyMade(DomainError):
    """Fewer good pieces are there to be reworked: so many are `packed` or away, or `taken` into rework."""

    order: str
    there: Decimal
    asked: Decimal
    packed: Decimal
    taken: Decimal


@dataclass(eq=False)
class NoChild(DomainError):
    """The order takes nothing (left) that is made here: there is no child order to draft."""

    order: str
