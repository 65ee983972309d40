"""How things of the world are called on DingTalk's wire; the same after a restart."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.town import Post, Resident, Room
from domain.clock import Clock

CORP_ID = "ding9733d0a1b2c3d4e5"
BOT_DINGTALK_ID = "$:LWCP_v1:$v7bQ0eX2zR1kPq=="


def _short(*parts: str, size: int = 12) -> str:
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return base64.b64encode(digest[:size]).decode()


def conversation_id(room: Room) -> str:
    """Return the conversationId (of a group: the openConversationId); may hold `+`, `/` and `=`.

    A room that is named by one (the groups of a playbook are) has that.
    """
    return room.id if room.id.startswith("cid") else "cid" + _short("conversation", room.id, size=16)


def message_id(post: Post) -> str:
    """Return `data.msgId`: the same in every redelivery."""
    return "msg" + _short("message", post.id, size=16)


def dingtalk_id(resident: Resident) -> str:
    """Return the encrypted sender id, which no API resolves."""
    return "$:LWCP_v1:$" + _short("sender", resident.id)


def union_id(resident: Resident) -> str:
    """Return the unionId."""
    return _short("union", resident.id).replace("/", "i").replace("+", "j").rstrip("=") + "iEiE"


def process_key(post_id: str) -> str:
    """Return the processQueryKey of a message that the robot sent."""
    return _short("process", post_id, size=24)


def milliseconds(at: datetime) -> int:
    """Return milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def media_id(media: str) -> str:
    """Return the media_id of kept bytes."""
    return "@lADP" + base64.urlsafe_b64encode(bytes.fromhex(media)).decode().rstrip("=")


def media_of(name: str) -> str | None:
    """Return the kept name behind a media_id; None if it is none."""
    try:
        return (
            base64.urlsafe_b64decode(name.removeprefix("@lADP") + "==").hex() if name[:5] == "@lADP" else None
        )
    except ValueError:
        return None


class Seals:
    """Sealed words (sessions, download codes, presigned addresses): meaning and expiry are inside.

    So they still work after a restart of the sandbox, and a forged one does not.
    """

    def __init__(self, clock: Clock, *, secret: str) -> None:
        self._clock = clock
        self._secret = secret.encode()

    def seal(self, kind: str, *, seconds: float, **data: Any) -> str:
        """Return a word that means `data` for so long."""
        expires = milliseconds(self._clock.now() + timedelta(seconds=seconds))
        text = json.dumps([kind, expires, data], separators=(",", ":")).encode()
        return (base64.urlsafe_b64encode(text).rstrip(b"=") + b"." + self._sign(text)).decode()

    def unseal(self, kind: str, word: str) -> dict[str, Any] | None:
        """Return what the word means; None if it is forged, of another kind or expired."""
        head, _, tail = word.partition(".")
        try:
            text = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
        except ValueError:
            return None
        if not hmac.compare_digest(tail.encode(), self._sign(text)):
            return None
        meant, expires, data = json.loads(text)
        fresh = milliseconds(self._clock.now()) < expires
        return dict(data) if meant == kind and fresh else None

    def _sign(self, text: bytes) -> bytes:
        digest = hmac.new(self._secret, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:12])
