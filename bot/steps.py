"""How far a heard message has come: what is done about it next, or why it could not be handled."""

from dataclasses import dataclass

from bot.platforms.base import Incoming
from notifier.post import Parcel


@dataclass(frozen=True, kw_only=True)
class Idle:
    """Nothing waits in this chat, or another node has it; `busy`: at this very moment, so look again soon."""

    busy: bool = False


@dataclass(frozen=True, kw_only=True)
class Prepare:
    """The message has pictures: fetch and decode them, then come back with the fence."""

    inbox_id: int
    incoming: Incoming
    fence: int


@dataclass(frozen=True, kw_only=True)
class Read:
    """The message only asks: run it on a read-only connection, then answer."""

    inbox_id: int
    incoming: Incoming
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Handled:
    """Done and answered; the parcels are to be sent after the commit. `more`: others may wait in the chat.

    `mail`: something was queued besides that the dispatcher must claim.
    """

    parcels: tuple[Parcel, ...] = ()
    more: bool = True
    mail: bool = True


Step = Idle | Prepare | Read | Handled


class Failed(Exception):
    """Handling this message raised `cause`: a refusal to be told, or a bug to be counted."""

    def __init__(self, inbox_id: int, cause: Exception) -> None:
        super().__init__(f"{inbox_id}: {cause!r}")
        self.inbox_id = inbox_id
        self.cause = cause
