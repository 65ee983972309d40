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
