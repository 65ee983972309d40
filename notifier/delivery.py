"""What the dispatcher hands to a platform, and what the platform says happened.

A platform implements `Mouth`; `bot/app.py` hands it in. Nothing here knows a wire.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from notifier.card import Card

ChatKind = Literal["group", "direct"]
HOOK: Final = "hook:"
"""How the id of a chat begins that is a group's own webhook; its name in the playbook follows."""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The platform took it; `provider_id` names it there (for updates and recalls).

    `note` says what of it did not arrive (a picture, a file, a later part); it is not sent again, because
    the text would be there twice.
    """

    provider_id: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Retry:
    """Certainly not delivered; try again after `after` seconds (None: the usual back-off).

    `block` asks that nothing else goes to this destination until then (throttled with a penalty).
    `exhausted` says that the month's allowance of the whole platform is used up.
    """

    reason: str
    after: float | None = None
    block: bool = False
    exhausted: bool = False


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Will never be delivered as it is; the reason is for people."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """May have been delivered: the answer was lost after the request had left.

    `keyed` says that the platform knows the message by a key and takes a repeat as the same one; `door` names
    where it does, if the next attempt may go by another door, where the key says nothing.
    """

    reason: str
    keyed: bool = False
    door: str = ""


NOT_IN_PLACE: Final = Refused(reason="there is no card here that can be changed")

Outcome = Delivered | Retry | Refused | Unknown


@dataclass(frozen=True, kw_only=True)
class ReplySlot:
    """A way to answer on the very request or socket that asked.

    `kind` is the platform's own word (`session`, `req_id`, `card_ack`, `card_update`); `node` is the only
    node that may use it (empty: any); after `deadline` (aware UTC) the answer goes out as an ordinary push.
    `data` is whatever the platform needs (webhook, req_id, ...), JSON-able, never a secret of ours.
    """

    kind: str
    deadline: datetime
    node: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message on its way out: one outbox row, resolved for one chat of one platform.

    `key` is the same at every attempt (idempotency where the platform honours one). `repeat` counts earlier
    attempts whose outcome is unknown: where no key protects, the text is marked 重发. `mentions` are the
    platform's user ids. `replaces` is the provider id of the card that this one replaces, if any; `in_place`
    says that it goes only there: where that card cannot be changed, nothing is said (`NOT_IN_PLACE`).
    `known_at` names the door that may have taken an earlier attempt under a key (`Unknown.door`).
    """

    id: int
    key: str
    chat_id: str
    chat_kind: ChatKind
    card: Card
    mentions: tuple[str, ...] = ()
    repeat: int = 0
    slot: ReplySlot | None = None
    replaces: str = ""
    urgent: bool = False
    in_place: bool = False
    known_at: str = ""

    def at(self, door: str) -> "Outgoing":
        """Return it as `door` says it: as before where it is known by its key, 重发 by every other door."""
        if not self.known_at:
            return self
        known_at, _hash, repeat = self.known_at.partition("#")
        return replace(self, repeat=int(repeat or 0) if known_at == door else max(1, self.repeat))

    def known_as(self, door: str) -> str:
        """Return how to say that `door` may know this message as it is, mark and all (`Unknown.door`)."""
        return f"{door}#{self.repeat}"


class Mouth(Protocol):
    """The speaking half of a platform."""

    name: str

    def reach(self) -> Collection[str]:
        """Return how the ids begin of the chats to which this node can speak now: `("",)` is every chat."""
        ...

    async def send(self, out: Outgoing) -> Outcome:
        """Render and send; never raises, takes at most some 10 s, and says what happened."""
        ...


def reach_of(mouths: Mapping[str, Mouth]) -> tuple[str, ...]:
    """Return how the keys begin of the chats to which this node can speak now; others have the others."""
    return tuple(f"{name}:{beginning}" for name, mouth in mouths.items() for beginning in mouth.reach())
