"""What is refused about people, accounts and directories."""

from dataclasses import dataclass

from domain.errors.base import DomainError


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
