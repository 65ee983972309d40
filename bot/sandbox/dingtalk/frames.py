"""Frames of the stream: how one is built, and the rules that an acknowledgement must keep."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from domain.clock import wall_milliseconds

ROBOT = "/v1.0/im/bot/messages/get"
CARD = "/v1.0/card/instances/callback"
JSON = "application/json"
APP_ID = "1305d5f5-7c1b-4d0e-9f57-6a2b7f3c9d10"
Violate = Callable[[str, str], None]


def new_push_id() -> str:
    """Return a new headers.messageId: it names one push, not one message."""
    return f"{secrets.token_hex(4)}_{secrets.randbelow(1000)}_{wall_milliseconds():x}_{secrets.token_hex(2)}"


def frame(kind: str, *, topic: str, push_id: str, data: dict[str, Any], headers: dict[str, str]) -> str:
    """Return a frame as text; every header is a string and `data` is JSON within JSON."""
    base = {"topic": topic, "messageId": push_id, "contentType": JSON, "time": str(wall_milliseconds())}
    body = json.dumps(data, ensure_ascii=False)
    return json.dumps({"specVersion": "1.0", "type": kind, "headers": base | headers, "data": body})


def check_ack(ack: Any, violate: Violate) -> dict[str, Any] | None:
    """Return the acknowledgement if it can be understood at all, noting every broken rule."""
    if not isinstance(ack, dict) or not isinstance(headers := ack.get("headers"), dict):
        violate("ack.shape", repr(ack)[:200])
        return None
    wrong = [
        name
        for name, kind in (("code", int), ("message", str), ("data", str))
        if not isinstance(ack.get(name), kind)
    ]
    if headers.get("contentType") != JSON or not isinstance(headers.get("messageId"), str):
        wrong.append("headers")
    if wrong:
        violate("ack.field", " ".join(wrong))
    return ack


def ack_data(ack: dict[str, Any], violate: Violate) -> dict[str, Any]:
    """Return the acknowledgement's data as an object (empty if it is none)."""
    try:
        data = json.loads(ack.get("data") or "{}")
    except (TypeError, ValueError):
        violate("ack.data", str(ack.get("data"))[:200])
        return {}
    return data if isinstance(data, dict) else {}
