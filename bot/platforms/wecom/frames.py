"""Frames of the long connection: JSON texts `{cmd, headers: {req_id}, body}`, answers without `cmd`.

Source: aibot page 101463 (rev. 2026/03/13) and the wire of Tencent's Node SDK 1.0.7.
"""

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from domain.clock import wall_milliseconds
from domain.playbook.rules import Use

SUBSCRIBE: Final = "aibot_subscribe"
PING: Final = "ping"
RESPOND: Final = "aibot_respond_msg"
WELCOME: Final = "aibot_respond_welcome_msg"
UPDATE: Final = "aibot_respond_update_msg"
PUSH: Final = "aibot_send_msg"
UPLOAD_INIT: Final = "aibot_upload_media_init"
UPLOAD_CHUNK: Final = "aibot_upload_media_chunk"
UPLOAD_FINISH: Final = "aibot_upload_media_finish"
USES: Final[dict[str, Use]] = {
    RESPOND: "session",
    WELCOME: "session",
    UPDATE: "card",
    PUSH: "push",
    UPLOAD_FINISH: "upload",
}
"""What is metered (docs/budgets.md), and as what."""

_to_json: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_DIRT: Final = re.compile(r"[\x00\ud800-\udfff]|\\u(?:0000|[dD][89a-fA-F])")
"""What `clean` takes out, as it stands in a JSON text."""

CALLBACKS: Final = frozenset({"aibot_msg_callback", "aibot_callback", "aibot_event_callback"})


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One frame from the server: a callback (`cmd`) or the answer to a request of ours (`errcode`)."""

    cmd: str = ""
    req_id: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    errcode: int = 0
    errmsg: str = ""

    @property
    def is_callback(self) -> bool:
        """Whether somebody said or did something, in contrast to an answer to us."""
        return self.cmd in CALLBACKS

    @property
    def event(self) -> str:
        """Return the event type of an event callback, else ''."""
        event = self.body.get("event")
        kind = event.get("eventtype") if isinstance(event, dict) else ""
        return kind if isinstance(kind, str) else ""


def read(data: str | bytes) -> Frame | None:
    """Return the frame in a message, or None for anything that is none; never raises."""
    try:
        raw = json.loads(data)
        if not isinstance(data, str) or _DIRT.search(data):
            raw = clean(raw)
    except (ValueError, RecursionError):
        return None
    return from_json(raw)


def from_json(raw: Any) -> Frame | None:
    """Return the frame in parsed JSON of any shape, or None; never raises."""
    if not isinstance(raw, dict):
        return None
    headers, body = raw.get("headers"), raw.get("body")
    return Frame(
        cmd=_text(raw.get("cmd")),
        req_id=_text(headers.get("req_id")) if isinstance(headers, dict) else "",
        body=body if isinstance(body, dict) else {},
        errcode=_number(raw.get("errcode")),
        errmsg=_text(raw.get("errmsg")),
    )


def write(cmd: str, body: dict[str, Any] | None, *, req_id: str) -> str:
    """Return the text of a request; a ping has no body."""
    frame: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
    if body is not None:
        frame["body"] = body
    return _to_json(frame)


def new_req_id(cmd: str) -> str:
    """Return a request id of our own, in the form the vendor's client uses."""
    return f"{cmd}_{wall_milliseconds()}_{secrets.token_hex(4)}"


def clean(value: Any) -> Any:
    """Return JSON data without what no database takes: NUL characters and lone surrogates."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    """Return an errcode, also one written as text; anything else that is not absent is -1 (system busy)."""
    if value is None:
        return 0
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return -1
