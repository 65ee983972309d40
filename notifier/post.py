"""Queueing: a card for a chat becomes an outbox row, or a parcel in this node's hands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from domain.queries.people import platform_ids
from domain.store import outbox
from domain.work import Work
from notifier.card import Card
from notifier.delivery import ChatKind, Outgoing, ReplySlot

LEASE_SECONDS: Final = 30.0
EXPIRES: Final[Mapping[str, timedelta]] = {
    "reply": timedelta(hours=6),
    "notice": timedelta(hours=6),
    "digest": timedelta(hours=2),
    "alert": timedelta(hours=24),
    "change": timedelta(minutes=10),
}
LONGEST_KEY: Final = 200
CHANGE: Final = "change"
"""What is said only in the place of an earlier version of its card: where that cannot be changed, never."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """One chat of one platform; `asker` is who is answered there: the person, and the account they used."""

    platform: str
    chat_id: str
    chat_kind: ChatKind
    asker: tuple[int, str] | None = None

    @property
    def key(self) -> str:
        """The chat's key in every table."""
        return f"{self.platform}:{self.chat_id}"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A message in this dispatcher's hands."""

    out: Outgoing
    platform: str
    chat_key: str
    lease: str
    attempts: int
    expires_at: datetime
    kind: str = "reply"
    doubted: bool = False  # an earlier attempt left, and its answer was lost
    held: bool = False  # has waited for its hour, because the month is short


def post(
    work: Work,
    to: Address,
    card: Card,
    *,
    kind: str,
    dedup_key: str,
    slot: ReplySlot | None = None,
    lease: str = "",
    behind: int = 0,
    **guards: Any,
) -> Parcel | None:
    """Queue a card for a chat; with a `lease` it comes back as a parcel to be sent after the commit.

    `behind` is a message in this chat that must be said before it: no node has them both in hand.
    """
    expires_at = work.now + EXPIRES[kind]
    outbox_id = outbox.put(
        work,
        dedup_key=dedup_key,
        lease=lease or None,
        lease_seconds=LEASE_SECONDS,
        behind=behind,
        platform=to.platform,
        chat_id=to.chat_id,
        chat_kind=to.chat_kind,
        chat_key=to.key,
        kind=kind,
        card=card.to_json(),
        card_key=card.key,
        slot=slot_to_json(slot),
        expires_at=expires_at,
        **guards,
    )
    if not lease:
        return None
    out = Outgoing(
        id=outbox_id,
        key=dedup_key,
        chat_id=to.chat_id,
        chat_kind=to.chat_kind,
        card=card,
        mentions=platform_ids(work, card.mentions, platform=to.platform, asker=to.asker),
        slot=slot,
        replaces=outbox.delivered_card(work, chat_key=to.key, card_key=card.key) if card.key else "",
    )
    return Parcel(
        out=out,
        platform=to.platform,
        chat_key=to.key,
        lease=lease,
        attempts=0,
        expires_at=expires_at,
        kind=kind,
    )


def dedup(*parts: str) -> str:
    """Return the key of one message from its parts: chat ids may be longer than a key, no two keys alike."""
    key = ":".join(parts)
    if len(key) <= LONGEST_KEY:
        return key
    mark = sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(mark) - 1]}:{mark}"


def slot_to_json(slot: ReplySlot | None) -> dict[str, Any] | None:
    """Return a reply slot as the outbox keeps it."""
    return None if slot is None else {**vars(slot), "deadline": slot.deadline.isoformat()}


def slot_from_json(data: dict[str, Any] | None) -> ReplySlot | None:
    """Rebuild a reply slot from its row."""
    if data is None:
        return None
    return ReplySlot(**{**data, "deadline": datetime.fromisoformat(data["deadline"])})
