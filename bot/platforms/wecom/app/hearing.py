"""A callback of the self-built app becomes an `Incoming`: pure; any fields whatever become something or None.

Source: pages 90239 (messages) and 90240 (events). In the app's chat there are only 1:1 conversations.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from bot.platforms.base import Incoming, MediaKind, MediaRef
from bot.platforms.wecom import keys
from bot.platforms.wecom.app.reading import Fields, text_of
from bot.platforms.wecom.doors import app_chat
from bot.platforms.wecom.hearing import PLATFORM, canonical
from notifier.delivery import ReplySlot

Kind = Literal["text", "button", "event"]

PASSIVE: Final = "app_call"
PRESSED: Final = "app_card"
ALARMS: Final = frozenset({"inactive_alert", "close_inactive_agent", "low_active_alert", "low_active"})
"""The app is used so little that WeCom warns of suspending it, or has done so (page 90240, November 2025)."""
RELIEF: Final = frozenset({"reopen_inactive_agent", "active_restored"})

_MEDIA: Final[dict[str, MediaKind]] = {"image": "image", "voice": "audio", "video": "video", "file": "file"}
_SAID: Final = {"text": ("Content",), "location": ("Label",), "link": ("Title",)}
_SYMBOLOGY: Final = re.compile(r"^[A-Z][A-Z0-9_]{2,20},(?=.)")
_CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class AppEar:
    """What a callback does not say of itself: whose app, on which node, when, and how long it may wait."""

    tenant: str
    node: str
    now: datetime
    passive: timedelta
    card: timedelta


def hear(fields: Fields, *, ear: AppEar) -> Incoming | None:
    """Return what was said, pressed or happened; None for what concerns nobody."""
    kind = text_of(fields, "MsgType").lower()
    if not text_of(fields, "FromUserName"):
        return None
    if kind == "event":
        happened = _EVENTS.get(text_of(fields, "Event").lower())
        return happened(fields, ear) if happened else None
    ref = {"door": "app", "media_id": text_of(fields, "MediaId")}
    media = (MediaRef(kind=_MEDIA[kind], ref=ref),) if kind in _MEDIA and ref["media_id"] else ()
    words = text_of(fields, *_SAID[kind]) if kind in _SAID else ""
    message_id = text_of(fields, "MsgId") or event_id(fields)
    slot = _slot(message_id, ear)
    return _incoming(fields, "text", ear=ear, message_id=message_id, text=words, media=media, slot=slot)


def event_id(fields: Fields) -> str:
    """Return the id of an event, the same at each redelivery: who, when, and a digest of what.

    The page names FromUserName and CreateTime; two scans within one second differ only in what was scanned.
    """
    what = {name: value for name, value in fields.items() if name not in {"FromUserName", "CreateTime"}}
    digest = hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()[:24]
    return f"{text_of(fields, 'FromUserName')}-{text_of(fields, 'CreateTime')}-{digest}"


def scanned(fields: Fields) -> str:
    """Return the scanned text, without the symbology before it (`CODE_128,…`) that 1-D codes may bring."""
    return _SYMBOLOGY.sub("", text_of(fields, "ScanCodeInfo", "ScanResult"))


def _entered(fields: Fields, ear: AppEar) -> Incoming:
    """Once a day and person, however often they open the chat or are let into the app."""
    day = ear.now.astimezone(_CHINA).date()
    message_id = f"{text_of(fields, 'FromUserName')}-enter-{day:%Y%m%d}"
    slot = _slot(message_id, ear)
    return _incoming(fields, "event", ear=ear, message_id=message_id, text="enter_chat", slot=slot)


def _clicked(fields: Fields, ear: AppEar) -> Incoming | None:
    """A menu entry is a sentence: ours in the packing of buttons, or the key itself as somebody typed it."""
    key = text_of(fields, "EventKey")
    known = keys.read(key)
    return _sentence(fields, ear, known.say if known else key)


def _waiting_scan(fields: Fields, ear: AppEar) -> Incoming | None:
    return _sentence(fields, ear, scanned(fields))


def _pushed_scan(fields: Fields, ear: AppEar) -> Incoming | None:
    """Not on the list of events that may be answered on the call (page 90241)."""
    return _sentence(fields, ear, scanned(fields), waits=False)


def _sentence(fields: Fields, ear: AppEar, words: str, *, waits: bool = True) -> Incoming | None:
    if not words:
        return None
    message_id = event_id(fields)
    slot = _slot(message_id, ear) if waits else None
    return _incoming(fields, "text", ear=ear, message_id=message_id, text=words, slot=slot)


def _pressed(fields: Fields, ear: AppEar) -> Incoming | None:
    pressed = keys.read(text_of(fields, "EventKey"))
    if pressed is None:
        return None
    message_id, task_id = event_id(fields), text_of(fields, "TaskId")
    data = {
        "call": message_id,
        "node": ear.node,
        "until": (ear.now + ear.passive).isoformat(),
        "task_id": task_id,
        "key": keys.write(pressed),
        "code": text_of(fields, "ResponseCode"),
    }
    slot = ReplySlot(kind=PRESSED, deadline=ear.now + ear.card, data=data)
    more: dict[str, Any] = {"guard": pressed.guard, "card_key": task_id, "slot": slot}
    return _incoming(fields, "button", ear=ear, message_id=message_id, text=pressed.say, **more)


def _directory_changed(fields: Fields, ear: AppEar) -> Incoming:
    """`raw["event"]` holds the fields: ChangeType, UserID, NewUserID, Department, Status, Id, ..."""
    return _incoming(fields, "event", ear=ear, message_id=event_id(fields), text="change_contact")


_EVENTS: Final[dict[str, Callable[[Fields, AppEar], Incoming | None]]] = {
    "enter_agent": _entered,
    "subscribe": _entered,
    "click": _clicked,
    "scancode_waitmsg": _waiting_scan,
    "scancode_push": _pushed_scan,
    "template_card_event": _pressed,
    "template_card_menu_event": _pressed,
    "change_contact": _directory_changed,
}
"""Pictures of a photo menu (`pic_*`) come as image messages too; view, unsubscribe, ... concern nobody."""


def _slot(message_id: str, ear: AppEar) -> ReplySlot:
    deadline = ear.now + ear.passive
    return ReplySlot(kind=PASSIVE, deadline=deadline, node=ear.node, data={"call": message_id})


def _incoming(fields: Fields, kind: Kind, *, ear: AppEar, message_id: str, **more: Any) -> Incoming:
    sender = canonical(text_of(fields, "FromUserName"))
    return Incoming(
        platform=PLATFORM,
        tenant=ear.tenant,
        message_id=message_id,
        kind=kind,
        chat_id=app_chat(sender),
        chat_kind="direct",
        sender_id=sender,
        sent_at=_moment(text_of(fields, "CreateTime")),
        raw={"door": "app", "event": fields},
        **more,
    )


def _moment(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch(r"[0-9]{1,11}", seconds) else None
