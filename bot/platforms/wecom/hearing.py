"""A callback frame becomes an `Incoming`: pure; any JSON whatever becomes something or None, never an error.

Source: aibot pages 100719 (messages), 101027 (events), 101463 (long connection).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.platforms.base import Incoming, MediaKind, MediaRef
from bot.platforms.wecom import keys, mention
from bot.platforms.wecom.frames import Frame
from notifier.delivery import ChatKind, ReplySlot

PLATFORM: Final = "wecom"
REPLY_WINDOW: Final = timedelta(hours=24)
CARD_WINDOW: Final = timedelta(seconds=5)
MEDIA_WINDOW: Final = timedelta(minutes=5)

_MEDIA: Final[dict[str, MediaKind]] = {"image": "image", "file": "file", "video": "video", "voice": "audio"}


@dataclass(frozen=True, kw_only=True)
class Ear:
    """What a frame does not say of itself: whose bot, on which connection of which node, and when."""

    tenant: str
    bot_name: str
    node: str
    connection: str
    now: datetime


def hear(frame: Frame, *, ear: Ear) -> Incoming | None:
    """Return what was said, pressed or happened; None for what concerns nobody (kicks, grey buttons)."""
    body = frame.body
    if not frame.is_callback or not _sender(body):
        return None
    if body.get("msgtype") == "event":
        return _happened(frame, ear=ear)
    media: list[MediaRef] = []
    text = _said(body, media, ear=ear)
    quoted = _said(_object(body.get("quote")), media, ear=ear)
    if _chat_kind(body) == "group":
        text = mention.strip(text, bot_name=ear.bot_name)
    else:
        text = mention.strip_own(text, bot_name=ear.bot_name)
    slot = _slot("req_id", frame, REPLY_WINDOW, ear=ear)
    return _incoming(frame, "text", text, ear=ear, media=tuple(media), quoted=quoted, slot=slot)


def canonical(userid: str) -> str:
    """Return the id under which a person is kept.

    A userid is unique ignoring case, so it is kept in lower case. The opaque ids that some people appear
    under (`wo…`/`wm…` and some 30 mixed characters) tell upper from lower case and stay as they are. The id
    of a direct chat is the userid exactly as it came: whether a push may change its case is not documented.
    """
    opaque = len(userid) >= keys.OPAQUE_LENGTH and userid[:2] in {"wo", "wm"} and userid.lower() != userid
    return userid if opaque else userid.lower()


def _incoming(frame: Frame, kind: Any, text: str, *, ear: Ear, **more: Any) -> Incoming:
    body = frame.body
    chat_kind = _chat_kind(body)
    return Incoming(
        platform=PLATFORM,
        tenant=ear.tenant,
        message_id=_message_id(frame),
        kind=kind,
        chat_id=_string(body.get("chatid")) if chat_kind == "group" else _sender(body),
        chat_kind=chat_kind,
        sender_id=canonical(_sender(body)),
        text=text,
        sent_at=_moment(body.get("create_time")),
        raw={"cmd": frame.cmd, "headers": {"req_id": frame.req_id}, "body": body},
        **more,
    )


def _said(body: dict[str, Any], media: list[MediaRef], *, ear: Ear) -> str:
    """Return the text of a message or quote of any type and add its pictures and files to `media`."""
    kind = _string(body.get("msgtype"))
    part = _object(body.get(kind))
    if kind == "mixed":
        items = part.get("msg_item")
        parts = [
            _said(_object(item), media, ear=ear) for item in (items if isinstance(items, list) else [])[:50]
        ]
        return "\n".join(text for text in parts if text)
    if kind == "appmsg":  # undocumented: title with a file or picture inside
        for inner in ("file", "image"):
            _said({"msgtype": inner, inner: part.get(inner)}, media, ear=ear)
        return _string(part.get("title"))
    url = _string(part.get("url"))
    if kind in _MEDIA and url:
        media.append(_media(_MEDIA[kind], url, part, ear=ear))
    return _string(part.get("content"))


def _media(kind: MediaKind, url: str, part: dict[str, Any], *, ear: Ear) -> MediaRef:
    ref = {"url": url, "aeskey": _string(part.get("aeskey")), "until": (ear.now + MEDIA_WINDOW).isoformat()}
    return MediaRef(kind=kind, ref=ref, name=_string(part.get("filename")) or _string(part.get("name")))


def _happened(frame: Frame, *, ear: Ear) -> Incoming | None:
    if frame.event == "template_card_event":
        return _pressed(frame, ear=ear)
    if frame.event == "enter_chat":
        slot = _slot("welcome", frame, CARD_WINDOW, ear=ear)
        return _incoming(frame, "event", "enter_chat", ear=ear, slot=slot)
    if frame.event == "feedback_event":
        return _incoming(frame, "event", "feedback", ear=ear)
    return None


def _pressed(frame: Frame, *, ear: Ear) -> Incoming | None:
    event = _object(_object(frame.body.get("event")).get("template_card_event"))
    pressed = keys.read(_string(event.get("event_key")) or _string(event.get("eventkey")))
    if pressed is None:
        return None
    task_id = _string(event.get("task_id")) or _string(event.get("taskid"))
    more = {"task_id": task_id, "key": keys.write(pressed)}
    slot = _slot("card_update", frame, CARD_WINDOW, ear=ear, **more)
    return _incoming(frame, "button", pressed.say, ear=ear, guard=pressed.guard, card_key=task_id, slot=slot)


def _slot(kind: str, frame: Frame, window: timedelta, *, ear: Ear, **more: Any) -> ReplySlot | None:
    if not frame.req_id:
        return None
    data = {"req_id": frame.req_id, "connection": ear.connection, **more}
    return ReplySlot(kind=kind, deadline=ear.now + window, node=ear.node, data=data)


def _sender(body: dict[str, Any]) -> str:
    return _string(_object(body.get("from")).get("userid"))


def _chat_kind(body: dict[str, Any]) -> ChatKind:
    """Return `direct` unless there is a group to answer to (enter_chat names no chat at all)."""
    return "group" if body.get("chattype") != "single" and _string(body.get("chatid")) else "direct"


def _message_id(frame: Frame) -> str:
    """Return the msgid; an event without one is known by its request, anything else by its content."""
    found = _string(frame.body.get("msgid")) or frame.req_id
    return found or hashlib.sha256(json.dumps(frame.body, sort_keys=True).encode()).hexdigest()


def _moment(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
