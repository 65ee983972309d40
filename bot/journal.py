"""A heard message as the inbox keeps it: journal first, everything else later."""

from datetime import datetime
from typing import Any

from bot.platforms.base import Incoming, MediaRef
from domain.store import inbox
from domain.work import Work
from notifier.post import slot_from_json, slot_to_json


def chat_key(incoming: Incoming) -> str:
    """Return the key of the chat it was said in."""
    return f"{incoming.platform}:{incoming.chat_id}"


def to_json(incoming: Incoming) -> dict[str, Any]:
    """Return a message as the inbox keeps it."""
    sent_at = incoming.sent_at.isoformat() if incoming.sent_at else None
    media = [vars(ref) for ref in incoming.media]
    return {**vars(incoming), "media": media, "slot": slot_to_json(incoming.slot), "sent_at": sent_at}


def from_json(data: dict[str, Any]) -> Incoming:
    """Rebuild a message from its inbox row."""
    return Incoming(
        **{
            **data,
            "media": tuple(MediaRef(**ref) for ref in data["media"]),
            "slot": slot_from_json(data["slot"]),
            "sent_at": datetime.fromisoformat(data["sent_at"]) if data["sent_at"] else None,
        }
    )


def write_down_alone(work: Work, *, incoming: Incoming, node: str) -> inbox.Waiting | None:
    """Journal a message that can be handled at once, and return it; None where its chat must be looked at."""
    return inbox.write_down_alone(work, node=node, payload=to_json(incoming), **_known(incoming))


def write_down(work: Work, *, incoming: Incoming) -> bool:
    """Journal a message; False if it stands there already."""
    return inbox.write_down(work, payload=to_json(incoming), **_known(incoming)) is not None


def _known(incoming: Incoming) -> dict[str, str]:
    return {
        "platform": incoming.platform,
        "tenant": incoming.tenant,
        "message_id": incoming.message_id,
        "chat_key": chat_key(incoming),
    }
