"""The body of a call becomes an `Incoming` with a slot that answers it: pure, never an error.

Source: aibot pages 100719 (messages), 101027 (events), 101138 (`response_url`: once, within an hour).
"""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.platforms.base import Incoming, MediaRef
from bot.platforms.wecom import hearing, keys
from bot.platforms.wecom.frames import Frame, clean
from bot.platforms.wecom.hearing import Ear
from notifier.delivery import ReplySlot

SLOT: Final = "callback"
URL_WINDOW: Final = timedelta(hours=1)
WELCOME_WINDOW: Final = timedelta(seconds=5)
_CMD: Final = "aibot_callback"
_ID_LENGTH: Final = 32

Body = dict[str, Any]


def read(plain: bytes) -> Body | None:
    """Return the JSON object in an envelope, without what no database takes; None for anything else."""
    try:
        found = clean(json.loads(plain))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def stream_of(body: Body) -> str | None:
    """Return which stream is to be brought up to date; None if somebody says or does something."""
    if body.get("msgtype") != "stream":
        return None
    stream = body.get("stream")
    found = stream.get("id") if isinstance(stream, dict) else ""
    return found if isinstance(found, str) else ""


def hear(body: Body, *, ear: Ear) -> Incoming | None:
    """Return what was said, pressed or happened; None for what concerns nobody.

    The key of pictures is the bot's own (page 101033), so it is not written down with them.
    """
    tenant = body.get("aibotid")
    ear = replace(ear, tenant=tenant) if isinstance(tenant, str) and tenant else ear
    incoming = hearing.hear(Frame(cmd=_CMD, body=body), ear=ear)
    if incoming is None:
        return None
    media = tuple(replace(it, ref={**it.ref, "aeskey": "", "door": "bot"}) for it in incoming.media)
    return replace(incoming, media=media, slot=_slot(incoming, body, ear=ear))


def keyed(media: MediaRef, *, aes_key: str) -> MediaRef:
    """Return where a picture is, with the bot's key to it."""
    return replace(media, ref={**media.ref, "aeskey": aes_key})


def call_id(message_id: str) -> str:
    """Return the id of a call, which is that of its stream too: the same at every delivery and node."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:_ID_LENGTH]


def _slot(incoming: Incoming, body: Body, *, ear: Ear) -> ReplySlot | None:
    url = body.get("response_url")
    data = {"call": call_id(incoming.message_id), "url": url if isinstance(url, str) else ""}
    window = URL_WINDOW
    if incoming.kind == "button":
        key = keys.write(keys.Pressed(say=incoming.text, guard=incoming.guard))
        data |= {"what": "card", "task_id": incoming.card_key, "key": key}
    elif incoming.kind == "text":
        data["what"] = "message"
    elif incoming.text == "enter_chat":
        data["what"], window = "welcome", WELCOME_WINDOW
    else:
        return None  # only an empty answer is allowed to feedback
    return ReplySlot(kind=SLOT, deadline=ear.now + window, node=ear.node, data=data)
