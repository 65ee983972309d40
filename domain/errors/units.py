"""What is refused about serial-numbered pieces, containers, shipments and the trace."""

from dataclasses import dataclass
from decimal import Decimal

from domain.errors.base import DomainError


@dataclass(eq=False)
class TooManyUnits(DomainError):
    """The order has room for fewer serial numbers."""

    order: str
    left: Decimal
    asked: int


@dataclass(eq=False)
class NoNextOperation(DomainError):
    """It is not said, nor seen from where the person stands, which operation the pieces have passed."""

    order: str


@dataclass(eq=False)
class NotBefore(DomainError):
    """A piece goes back to an operation at or before the one where it stands; `at` is that."""

    unit: str
    operation: str
    at: str


@dataclass(eq=False)
class SitsIn(DomainError):
    """A piece has one open parent and sits in one open container at a time; `inside` is where it is."""

    thing: str
    inside: str


@dataclass(eq=False)
class NotInside(DomainError):
    """The thing is not in there."""

    thing: str
    inside: str


@dataclass(eq=False)
class NotSoManyInside(DomainError):
    """There are fewer pieces without numbers of the order in there."""

    thing: str
    inside: str
    there: Decimal
    asked: Decimal


@dataclass(eq=False)
class InItself(DomainError):
    """Nothing is made of, or packed into, what contains it."""

    thing: str
    inside: str


@dataclass(eq=False)
class NotAPanel(DomainError):
    """Only a whole panel is divided, into at most as many boards as it counts for."""

    unit: str
    pieces: int


@dataclass(eq=False)
class ContainerShut(DomainError):
    """Only an open container takes and gives."""

    container: str
    status: str


@dataclass(eq=False)
class LabelDiffers(DomainError):
    """The contents must equal the label when a container is closed."""

    container: str
    labelled: Decimal
    holds: Decimal


@dataclass(eq=False)
class NothingInside(DomainError):
    """An empty container is not closed and does not leave."""

    container: str


@dataclass(eq=False)
class OtherProduct(DomainError):
    """A container holds one product."""

    container: str
    holds: str
    thing: str


@dataclass(eq=False)
class TooFewFinished(DomainError):
    """The order has fewer finished pieces without numbers than are to be packed.

    So many others were `packed`, or `taken` by rework orders (`reworks`).
    """

    order: str
    left: Decimal
    asked: Decimal
    packed: Decimal
    taken: Decimal
    reworks: str


@dataclass(eq=False)
class InRework(DomainError):
    """Of an order's finished pieces with numbers so many are with rework orders: fewer may be packed."""

    order: str
    left: Decimal
    asked: Decimal
    taken: Decimal
    reworks: str


@dataclass(eq=False)
class NotAtHand(DomainError):
    """A piece in a box, or with a customer, is not worked on."""

    thing: str
    inside: str


@dataclass(eq=False)
class NoNumbers(DomainError):
    """No piece with a serial number is in there: what is in it is said by its order and quantity."""

    thing: str


@dataclass(eq=False)
class WhichOfThem(DomainError):
    """Pieces without numbers are in several boxes, or of several orders (`among`): of which so many are."""

    thing: str
    among: str
    asked: Decimal


@dataclass(eq=False)
class NotSoManyAway(DomainError):
    """The customer has fewer pieces without numbers of it than are said to come back."""

    thing: str
    there: Decimal
    asked: Decimal


@dataclass(eq=False)
class NoValues(DomainError):
    """No value was understood; `names` are those that the operation asks for."""

    operation: str
    names: str


@dataclass(eq=False)
class NothingToMend(DomainError):
    """No earlier scan of this person here left anything to mend."""

    name: str


@dataclass(eq=False)
class NotAsked(DomainError):
    """Somebody else was asked about the finding; `who` is that."""

    finding: str
    who: str


@dataclass(eq=False)
class NotYetThen(DomainError):
    """What is made up for has happened before it was found missing."""

    finding: str


@dataclass(eq=False)
class TraceIncomplete(DomainError):
    """The order lacks data that its trace level demands."""

    order: str
    percent: int
    gaps: int
