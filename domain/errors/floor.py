"""What is refused about places, certificates, machines, reasons and clocks of the floor."""

from dataclasses import dataclass

from domain.errors.base import DomainError


@dataclass(eq=False)
class WrongStation(DomainError):
    """The operation is not done at the station where the person stands; `stations` are where it is."""

    operation: str
    station: str
    stations: str


@dataclass(eq=False)
class NotCertified(DomainError):
    """The operation asks for a certificate that the person has not; `people` are some who have."""

    operation: str
    people: str


@dataclass(eq=False)
class SignOnFirst(DomainError):
    """The route asks for a class of machine, so who reports must be signed on; `stations` have one."""

    operation: str
    machine: str
    stations: str


@dataclass(eq=False)
class MissingEquipment(DomainError):
    """The route asks for a machine of a class, and the person stands at none; `machines` are of it."""

    operation: str
    machine: str
    station: str
    machines: str


@dataclass(eq=False)
class EquipmentElsewhere(DomainError):
    """The machine does not stand at this station; `machines` are those that do."""

    equipment: str
    station: str
    machines: str


@dataclass(eq=False)
class AlreadySignedOn(DomainError):
    """The person stands at this very place already."""

    station: str


@dataclass(eq=False)
class NotSignedOn(DomainError):
    """The person is signed on nowhere."""

    name: str


@dataclass(eq=False)
class ReasonMissing(DomainError):
    """The plant wants a reason for `bad` pieces (scrap, rework); `reasons` are those it knows."""

    order: str
    operation: str
    bad: str
    reasons: str


@dataclass(eq=False)
class NoSuchItem(DomainError):
    """The review has no open item of this line, or none of so many pieces."""

    review: str
    left: str


@dataclass(eq=False)
class TimerOver(DomainError):
    """The time in which the thing was to be used is over."""

    thing: str
    timer: str
    since: str


@dataclass(eq=False)
class TimerNotYet(DomainError):
    """The thing must wait until it may be used."""

    thing: str
    timer: str
    until: str


@dataclass(eq=False)
class TimerNeeded(DomainError):
    """The thing may be used only after this clock was started."""

    thing: str
    timer: str


@dataclass(eq=False)
class TimerRuns(DomainError):
    """This clock runs on the thing already."""

    thing: str
    timer: str
    until: str


@dataclass(eq=False)
class WhichTimer(DomainError):
    """Several clocks fit; one must be named."""

    thing: str
    timers: str


@dataclass(eq=False)
class NoTimer(DomainError):
    """No clock runs on the thing, or none that could be meant."""

    thing: str


@dataclass(eq=False)
class SeveralOrders(DomainError):
    """The pieces are of several orders; each is reviewed by itself."""

    count: int
