"""What is refused at the slots of a station, and about requisitions."""

from dataclasses import dataclass

from domain.errors.base import DomainError


@dataclass(eq=False)
class SlotLocked(DomainError):
    """Three wrong scans have locked the slot: somebody else must unlock it with a reason."""

    station: str
    slot: str
    who: str


@dataclass(eq=False)
class SlotNotLocked(DomainError):
    """There is nothing to unlock."""

    slot: str


@dataclass(eq=False)
class SlotTaken(DomainError):
    """Another lot is in the slot: it is exchanged, not loaded over."""

    slot: str
    lot: str


@dataclass(eq=False)
class SlotEmpty(DomainError):
    """Nothing is loaded in the slot."""

    slot: str


@dataclass(eq=False)
class NothingToLoad(DomainError):
    """The order has no material to be loaded at this station."""

    order: str
    station: str


@dataclass(eq=False)
class WhichOrder(DomainError):
    """Several orders (or none) may be meant at this station."""

    station: str


@dataclass(eq=False)
class NothingNeeded(DomainError):
    """The order has all the material it needs, or it was asked for already."""

    order: str
