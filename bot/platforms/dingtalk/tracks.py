"""Names of our cards at DingTalk (outTrackId): from a message, and back to chat kind and card key.

`gk-<chat>-<key>`: g group or d direct; k the key of a card that later versions replace, o the key of one
message; the chat as a hash, because one card may stand in several chats. At most 100 characters.
"""

import re
from dataclasses import dataclass

from bot.platforms.dingtalk.payload import clean_text, digest
from notifier.delivery import ChatKind, Outgoing

MAX_TRACK = 100
_TRACK = re.compile(r"([gd])([kox])-[0-9a-f]{10}-([A-Za-z0-9._-]+)", re.ASCII)
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]")
_ESCAPED = re.compile(r"_([0-9a-f]+)\.")


@dataclass(frozen=True, kw_only=True)
class Track:
    """What the name of a card of ours tells; `card_key` is empty for a card that is never replaced."""

    chat_kind: ChatKind
    card_key: str


def track_id(out: Outgoing) -> str:
    """Return the name under which this message's card stands in its chat; the same at every attempt."""
    kind = "k" if out.card.key else "o"
    name = _UNSAFE.sub(lambda found: f"_{ord(found[0]):x}.", out.card.key or out.key)
    place = f"{out.chat_kind[0]}{kind}-{digest(out.chat_id)[:10]}-"
    if len(place + name) <= MAX_TRACK:
        return place + name
    return f"{out.chat_kind[0]}x-{digest(out.chat_id)[:10]}-{digest(kind, name)[:40]}"


def read_track(text: str) -> Track | None:
    """Return what a card's name tells, or None if the card is none of ours."""
    found = _TRACK.fullmatch(text)
    if not found:
        return None
    try:
        name = clean_text(_ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), found[3]))
    except (ValueError, OverflowError):
        return None
    return Track(chat_kind="group" if found[1] == "g" else "direct", card_key=name if found[2] == "k" else "")
