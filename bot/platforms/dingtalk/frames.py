"""Frames of the stream: reading what came, writing acknowledgements, with the vendor's names and classes."""

import json
from dataclasses import dataclass, field
from typing import Any

from dingtalk_stream import CallbackHandler, ChatbotMessage
from dingtalk_stream.frames import AckMessage, CallbackMessage, EventMessage, Headers, SystemMessage

from bot.platforms.dingtalk.payload import decode, mapping_of, text_of

SYSTEM: str = SystemMessage.TYPE
EVENT: str = EventMessage.TYPE
CALLBACK: str = CallbackMessage.TYPE
ROBOT_TOPIC: str = ChatbotMessage.TOPIC
CARD_TOPIC: str = CallbackHandler.TOPIC_CARD_CALLBACK
PING = "ping"
DISCONNECT: str = SystemMessage.TOPIC_DISCONNECT
NOTES = {"CONNECTED", "REGISTERED", "KEEPALIVE"}  # known to the Node SDK; nothing to do but acknowledge

OK: int = AckMessage.STATUS_OK
BAD_REQUEST: int = AckMessage.STATUS_BAD_REQUEST
NOT_FOUND: int = AckMessage.STATUS_NOT_IMPLEMENT
FAILED: int = AckMessage.STATUS_SYSTEM_EXCEPTION


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One frame from the gateway; `data` is decoded (None if it was no JSON), `text` as it came."""

    type: str
    topic: str
    message_id: str
    headers: dict[str, Any] = field(repr=False)
    data: Any = field(repr=False)
    text: str = field(repr=False)


def read_frame(raw: str) -> Frame | None:
    """Return the frame in a text message, or None if it is none.

    The vendor's own reader is not used: it raises on a `time` that is no number and on empty data.
    """
    envelope = decode(raw)
    kind = text_of(envelope, "type")
    if kind not in {SYSTEM, EVENT, CALLBACK}:
        return None
    headers = mapping_of(envelope, "headers")
    data = envelope.get("data")
    return Frame(
        type=kind,
        topic=text_of(headers, "topic"),
        message_id=text_of(headers, "messageId"),
        headers=headers,
        data=decode(data) if isinstance(data, str) else data,
        text=data if isinstance(data, str) else json.dumps(data, ensure_ascii=False),
    )


def acknowledge(
    frame: Frame, *, code: int = OK, message: str = "OK", data: Any = None, text: str | None = None
) -> str:
    """Return the acknowledgement of a frame; its data is JSON in a string, or `text` as it stands."""
    ack = AckMessage()
    ack.code, ack.message, ack.data = code, message, data
    ack.headers.message_id = frame.message_id
    ack.headers.content_type = Headers.CONTENT_TYPE_APPLICATION_JSON
    whole = ack.to_dict()
    if text is not None:
        whole["data"] = text
    return json.dumps(whole, ensure_ascii=False)


def robot_ack(frame: Frame) -> str:
    """Acknowledge a robot message: it is in the journal, and is answered by other ways."""
    return acknowledge(frame, data={"response": None})


def card_ack(frame: Frame, update: dict[str, Any]) -> str:
    """Acknowledge a pressed button; `update` is the card's new content, {} for none."""
    return acknowledge(frame, data={"response": update})


def event_ack(frame: Frame, *, taken: bool) -> str:
    """Acknowledge an event: SUCCESS, or LATER to have it pushed again (stream protocol)."""
    status = "SUCCESS" if taken else "LATER"
    return acknowledge(frame, data={"status": status, "message": status.lower()})
