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
