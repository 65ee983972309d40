"""What is refused about lots and their quantities."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.errors.base import DomainError


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
class Held(DomainError):
    """The thing, or something that went into it (`source`), is held."""

    thing: str
    source: str
    who: str
    reason: str


@dataclass(eq=False)
class IdentityFixed(DomainError):
    """Material, supplier and number of a lot that was used do not change any more."""

    lot: str


@dataclass(eq=False)
class CannotMerge(DomainError):
    """Two lots that are not of one material, supplier and state, or of which one was made of the other."""

    lot: str
    other: str


@dataclass(eq=False)
class NotIssued(DomainError):
    """The order has not had so much of the lot."""

    lot: str
    order: str
    had: Decimal
    unit: str


@dataclass(eq=False)
class UsedUp(DomainError):
    """What was made of the order has used more of the lot than would remain: `left` may come back."""

    lot: str
    order: str
    had: Decimal
    left: Decimal
    unit: str


@dataclass(eq=False)
class AlreadyMoved(DomainError):
    """What the review decided about the lot has moved it: that act is undone, the review is not reopened."""

    review: str
    lot: str


@dataclass(eq=False)
class AlreadyHeld(DomainError):
    """There is a hold on this very thing already."""

    thing: str
    who: str
    reason: str


@dataclass(eq=False)
class NotHeld(DomainError):
    """Neither this thing nor anything that went into it is held."""

    thing: str


@dataclass(eq=False)
class HeldAbove(DomainError):
    """The thing itself is not held, but `source`, which went into it: that is where it is let go."""

    thing: str
    source: str


@dataclass(eq=False)
class LotReserved(DomainError):
    """The rest of the lot is set aside for another order."""

    lot: str
    order: str
    free: Decimal
    unit: str
