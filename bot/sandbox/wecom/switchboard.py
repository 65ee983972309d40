"""Frames of the bot: checked, carried out and answered, with whatever fault is switched on in between."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.recorder import Recorder
from bot.sandbox.wecom.desk import Desk
from bot.sandbox.wecom.line import Line
from bot.sandbox.wecom.refusals import Code, Refusal
from domain.clock import Clock

Body = dict[str, Any]
ANSWER_KINDS: tuple[FaultKind, ...] = (
    "slow",
    "hang",
    "reset",
    "errcode",
    "lost",
    "token",
    "throttle",
    "refuse",
)
SHOWN_DATA = 32  # of a chunk's base64, in the record


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A frame of the bot that has the right shape; `line` is the number of its connection."""

    line: int
    cmd: str
    req_id: str
    body: Body

    @property
    def door(self) -> str:
        """`aibot_send_msg` -> `wecom.send_msg`."""
        return "wecom." + self.cmd.removeprefix("aibot_")


Command = Callable[[Desk, Frame], Body | None]
COMMANDS: dict[str, Command] = {
    "aibot_respond_msg": lambda desk, frame: desk.respond(frame.req_id, frame.body, line=frame.line),
    "aibot_respond_welcome_msg": lambda desk, frame: desk.welcome(frame.req_id, frame.body, line=frame.line),
    "aibot_respond_update_msg": lambda desk, frame: desk.update(frame.req_id, frame.body, line=frame.line),
    "aibot_send_msg": lambda desk, frame: desk.send(frame.body),
    "aibot_upload_media_init": lambda desk, frame: desk.upload_init(frame.body),
    "aibot_upload_media_chunk": lambda desk, frame: desk.upload_chunk(frame.body),
    "aibot_upload_media_finish": lambda desk, frame: desk.upload_finish(frame.body),
}
"""What a subscribed bot may send besides pings."""


class Switchboard:
    """Answers every frame of every line; `subscribe` is the cloud's, because it ends other lines."""

    def __init__(
        self,
        desk: Desk,
        *,
        subscribe: Callable[[Line, Body], None],
        answered: Callable[[], None],
        clock: Clock,
        faults: Faults,
        recorder: Recorder,
        alarms: Alarms,
        heartbeat: float,
    ) -> None:
        self._desk = desk
        self._subscribe = subscribe
        self._answered = answered
        self._clock = clock
        self._faults = faults
        self._recorder = recorder
        self._alarms = alarms
        self._heartbeat = heartbeat
        self._throttled: dict[str, float] = {}

    def frame(self, line: Line, text: str | None, *, at: float) -> None:
        """Handle one frame; `at` is the loop's time in seconds (the heartbeat's)."""
        frame = self._parsed(line, text)
        if frame is None:
            return
        self._recorder.record("in", frame.door, _shown(frame))
        door = self._fault_door(frame)
        fault = self._faults.take(door, *ANSWER_KINDS)
        if fault and fault.kind == "reset":
            line.cut()
            return
        answer = self._answer(line, frame, fault, door=door, at=at)
        self._recorder.record("out", frame.door, answer, status=answer["errcode"])
        self._reply(line, answer, fault)
        self._answered()

    def _answer(self, line: Line, frame: Frame, fault: Fault | None, *, door: str, at: float) -> Body:
        try:
            self._fail(fault, door)
            body = self._obey(line, frame, at=at)
        except Refusal as refusal:
            if refusal.rule:
                self._recorder.violate(refusal.rule, frame.door, refusal.message)
            return _ack(frame, refusal.code, refusal.message)
        return _ack(frame, Code.OK, "ok") | ({"body": body} if body else {})

    def _reply(self, line: Line, answer: Body, fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        if kind == "lost":
            line.cut()
        elif fault and kind in ("slow", "hang"):
            if fault.seconds:
                self._alarms.after(fault.seconds, lambda: line.put(answer))
        else:
            line.put(answer)

    def _fail(self, fault: Fault | None, door: str) -> None:
        """Refuse because of a fault: nobody broke a rule."""
        if fault and fault.kind == "throttle":
            self._throttled[door] = self._clock.monotonic() + fault.seconds
        if self._throttled.get(door, 0.0) > self._clock.monotonic() or (fault and fault.kind == "throttle"):
            raise Refusal(Code.TOO_OFTEN, "api freq out of limit")
        if fault and fault.kind == "errcode":
            raise Refusal(int(fault.code or Code.BUSY), fault.text or "system busy")
        if fault and fault.kind == "token":
            raise Refusal(Code.NOT_SUBSCRIBED, "aibot websocket not subscribed")
        if fault and fault.kind == "refuse":
            raise Refusal(Code.BAD_SECRET, "invalid bot_id or secret")

    def _obey(self, line: Line, frame: Frame, *, at: float) -> Body | None:
        if frame.cmd == "aibot_subscribe":
            line.last_ping = at
            self._subscribe(line, frame.body)
            return None
        if frame.cmd == "ping":
            self._ping(line, at=at)
            return None
        if not line.subscribed:
            raise Refusal(Code.NOT_SUBSCRIBED, "aibot websocket not subscribed", rule="not_subscribed")
        if (command := COMMANDS.get(frame.cmd)) is None:
            raise Refusal(Code.BAD_PARAMETER, "invalid cmd", rule="frame.cmd")
        return command(self._desk, frame)

    def _ping(self, line: Line, *, at: float) -> None:
        """Take a ping, due every 30 s; one that comes much too late breaks a rule, yet it is answered."""
        if line.last_ping is not None and at - line.last_ping > self._heartbeat:
            self._recorder.violate("heartbeat", "wecom.ping", f"{at - line.last_ping:.0f} s since the last")
        line.last_ping = at

    def _parsed(self, line: Line, text: str | None) -> Frame | None:
        try:
            data = json.loads(text or "")
            frame = Frame(
                line=line.number,
                cmd=str(data["cmd"]),
                req_id=str(data["headers"]["req_id"]),
                body=data.get("body") or {},
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            self._broken(line, text or "(binary)")
            return None
        if not frame.req_id or not isinstance(frame.body, dict):
            self._broken(line, text or "")
            return None
        return frame

    def _broken(self, line: Line, text: str) -> None:
        self._recorder.record("in", "wecom.broken", text[:200])
        self._recorder.violate("frame.shape", "wecom.broken", text[:200])
        line.put({"headers": {"req_id": ""}, "errcode": int(Code.BAD_PARAMETER), "errmsg": "invalid frame"})

    def _fault_door(self, frame: Frame) -> str:
        """Name the door; pushes to groups and to 1:1 have one each: `wecom.send_msg.group`."""
        if frame.cmd != "aibot_send_msg":
            return frame.door
        room = self._desk.room_of(frame.body)
        return f"{frame.door}.{room.kind}" if room else frame.door


def secret_matches(given: object, known: str) -> bool:
    """Compare in constant time."""
    return compare_digest(str(given).encode(), known.encode())


def _ack(frame: Frame, code: int, message: str) -> Body:
    return {"headers": {"req_id": frame.req_id}, "errcode": int(code), "errmsg": message}


def _shown(frame: Frame) -> Body:
    body = dict(frame.body)
    if "secret" in body:
        body["secret"] = "***"  # noqa: S105 (that it is none is the point)
    if "base64_data" in body:
        body["base64_data"] = str(body["base64_data"])[:SHOWN_DATA] + "…"
    return {"cmd": frame.cmd, "headers": {"req_id": frame.req_id}, "body": body}
