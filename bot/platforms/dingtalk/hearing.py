"""Turns the payload of a robot message into Incoming; pure, and never raises on any JSON.

Shapes: "receive message" and "robot message type" of open.dingtalk.com; the quoted shapes are not documented
and were read from what other bots meet in production. Whatever is missing is empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.platforms.base import Incoming, MediaKind, MediaRef
from bot.platforms.dingtalk.payload import (
    digest,
    list_of,
    mapping_of,
    short_id,
    text_of,
    time_of,
)
from notifier.delivery import ChatKind, ReplySlot

PLATFORM = "dingtalk"
EXTERNAL = "external:"  # before the id of a sender who has no staff id; no staff id holds a colon
QUOTA_EXHAUSTED = "quota_exhausted"
PLATFORM_ERROR = "platform_error"
QUOTA_CODE = "20001"
SESSION_LIFE = timedelta(minutes=90)  # in all official samples; used only if the field is missing
SESSION_MARGIN = timedelta(seconds=60)
MAX_MEDIA = 30
MAX_TITLE = 200

_INVISIBLE = r"[\s\u200b\u200c\u200d\u2060\ufeff]"
_EDGES = re.compile(rf"^{_INVISIBLE}+|{_INVISIBLE}+$")
_MENTION = re.compile(rf"^@\S+?(?:{_INVISIBLE}+|$)")


@dataclass(frozen=True)
class Said:
    """What one message, or one that it quotes, says: text and media."""

    text: str = ""
    media: tuple[MediaRef, ...] = ()


def hear_message(data: Any, *, push_id: str, robot_code: str) -> Incoming | None:
    """Return what was said, or None if the payload names neither a conversation nor a sender.

    `push_id` stands in for a missing msgId only: it names one push, and a redelivery may have another.
    `robot_code` stands in for a missing one.
    """
    if not isinstance(data, dict) or not _is_message(data):
        return None
    robot = text_of(data, "robotCode") or robot_code
    sender = sender_of(data)
    chat_kind = _chat_kind(data)
    said, quoted = _said(data, robot), _quoted(data, robot)
    event = _event_of(data)
    return Incoming(
        platform=PLATFORM,
        tenant=tenant_of(text_of(data, "chatbotCorpId", "senderCorpId"), robot),
        message_id=short_id(text_of(data, "msgId") or _stand_in(push_id, data)),
        kind="event" if event else "text",
        chat_id=sender if chat_kind == "direct" else short_id(text_of(data, "conversationId")),
        chat_kind=chat_kind,
        sender_id=sender,
        sender_name=text_of(data, "senderNick")[:MAX_TITLE],
        text=event or _without_mention(said.text, data, chat_kind),
        chat_title=text_of(data, "conversationTitle")[:MAX_TITLE],
        media=(said.media + quoted.media)[:MAX_MEDIA],
        quoted=trimmed(quoted.text),
        slot=_session_of(data),
        sent_at=time_of(data, "createAt"),
        raw=data,
    )


def tenant_of(corp_id: str, robot_code: str) -> str:
    """Return the tenant: organisation and robot, since message ids are only unique within them."""
    return f"{corp_id}:{robot_code}"[:MAX_TITLE]


def trimmed(text: str) -> str:
    """Return `text` without spaces at its ends, full-width and zero-width ones included."""
    return _EDGES.sub("", text)


def sender_of(data: dict[str, Any]) -> str:
    """Return the staff id, or a marked id of somebody outside the organisation that never equals one."""
    staff = text_of(data, "senderStaffId")
    return short_id(staff or EXTERNAL + text_of(data, "senderId"))


def _is_message(data: dict[str, Any]) -> bool:
    return bool(text_of(data, "conversationId", "senderStaffId", "senderId"))


def _stand_in(push_id: str, data: dict[str, Any]) -> str:
    return f"push:{push_id}" if push_id else f"hash:{digest(data)}"


def _chat_kind(data: dict[str, Any]) -> ChatKind:
    kind = text_of(data, "conversationType")
    return "direct" if kind == "1" or not text_of(data, "conversationId") else "group"


def _event_of(data: dict[str, Any]) -> str:
    """Return the event that a frame without content reports: the month's quota is used up, or so."""
    code = text_of(data, "errorCode", "errCode")
    if not code or code == "0" or any(data.get(name) for name in ("text", "content")):
        return ""
    return QUOTA_EXHAUSTED if code == QUOTA_CODE else PLATFORM_ERROR


def _session_of(data: dict[str, Any]) -> ReplySlot | None:
    webhook = text_of(data, "sessionWebhook")
    sent_at, ends_at = time_of(data, "createAt"), time_of(data, "sessionWebhookExpiredTime")
    ends_at = ends_at or (sent_at and sent_at + SESSION_LIFE)
    if not webhook or not ends_at:
        return None
    return ReplySlot(kind="session", deadline=ends_at - SESSION_MARGIN, data={"webhook": webhook})


def _without_mention(text: str, data: dict[str, Any], chat_kind: ChatKind) -> str:
    """Take the bot's name away where DingTalk leaves it: in rich text and in quoting messages of a group.

    From plain text the cloud has removed it: if others were mentioned too, the first name is one of theirs.
    """
    text = trimmed(text)
    rich = text_of(data, "msgtype").lower() == "richtext"
    left_in = rich or bool(mapping_of(data, "text").get("isReplyMsg"))
    alone = len(list_of(data, "atUsers")) <= 1
    return trimmed(_MENTION.sub("", text)) if chat_kind == "group" and (left_in or alone) else text


def _said(data: dict[str, Any], robot: str) -> Said:
    kind = text_of(data, "msgtype", "msgType")
    content = mapping_of(data, "content") or mapping_of(data, kind) or mapping_of(data, "text")
    return read_content(kind, content or text_of(data, "text", "content"), robot)


def _quoted(data: dict[str, Any], robot: str) -> Said:
    """Return what the quoted message says: `repliedMsg` inside the content, or the older `quoteMessage`."""
    holder = mapping_of(data, "text") or mapping_of(data, "content")
    quoted = mapping_of(holder, "repliedMsg") or mapping_of(data, "repliedMsg", "quoteMessage")
    kind = text_of(quoted, "msgType", "msgtype")
    content = mapping_of(quoted, "content", "text") or text_of(quoted, "content", "text")
    return read_content(kind, content, robot) if quoted else Said()


def read_content(kind: str, content: dict[str, Any] | str, robot: str) -> Said:
    """Return what a content of this type says; an unknown type keeps whatever text it has."""
    if isinstance(content, str):
        return Said(content)
    return _READERS.get(kind.lower(), _plain)(content, robot)


def _plain(content: dict[str, Any], _robot: str) -> Said:
    return Said(text_of(content, "content", "text", "title"))


def _spoken(content: dict[str, Any], robot: str) -> Said:
    return Said(text_of(content, "recognition"), _media("audio", content, robot))


def _rich(content: dict[str, Any], robot: str) -> Said:
    """Join the runs of text; a picture or mention between two of them counts as a space."""
    runs = ""
    media: tuple[MediaRef, ...] = ()
    for item in list_of(content, "richText"):
        said = _run(item, robot)
        runs += said.text or " "
        media += said.media
    return Said(runs, media)


def _run(item: Any, robot: str) -> Said:
    kind = text_of(item, "type", "msgType", "msgtype")
    inner = mapping_of(item, "content") or (item if isinstance(item, dict) else {})
    if kind == "picture" or text_of(inner, "downloadCode", "pictureDownloadCode"):
        return Said(media=_media("image", inner, robot))
    return Said() if kind == "at" else Said(text_of(inner, "text", "content"))


def _reader(kind: MediaKind) -> Callable[[dict[str, Any], str], Said]:
    return lambda content, robot: Said(media=_media(kind, content, robot))


def _media(kind: MediaKind, content: dict[str, Any], robot: str) -> tuple[MediaRef, ...]:
    codes = [text_of(content, name) for name in ("downloadCode", "pictureDownloadCode")]
    codes = [code for code in codes if code]
    if not codes:
        return ()
    name = text_of(content, "fileName")[:MAX_TITLE]
    return (MediaRef(kind=kind, ref={"codes": codes, "robot": robot}, name=name),)


_READERS: dict[str, Callable[[dict[str, Any], str], Said]] = {
    "text": _plain,
    "markdown": _plain,
    "richtext": _rich,
    "picture": _reader("image"),
    "image": _reader("image"),
    "audio": _spoken,
    "video": _reader("video"),
    "file": _reader("file"),
}
