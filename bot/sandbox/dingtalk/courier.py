"""Carries pushes to the bot: random socket, acknowledgement, redelivery, and every way to go wrong."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.sandbox.clock import Alarm
from bot.sandbox.dingtalk.desk import Desk
from bot.sandbox.dingtalk.frames import APP_ID, ack_data, check_ack, frame, new_push_id
from bot.sandbox.dingtalk.socket import StreamSocket
from bot.sandbox.faults import PUSH_FAULTS, Fault

_GRACE = 5.0  # seconds after the last attempt before the push counts as lost
_REMEMBERED = 5_000  # push ids; older acknowledgements count as unknown


@dataclass(kw_only=True, eq=False)
class Push:
    """One message on its way to the bot. `door`: robot, card or event.

    `answered` gets the data of an acknowledgement with code 200 and says whether that settles the push;
    `schedule` are the waits before each redelivery; `given_up` is called when the last stays unanswered.
    """

    door: str
    kind: str
    topic: str
    data: dict[str, Any]
    answered: Callable[[dict[str, Any]], bool]
    given_up: Callable[[], None] = lambda: None
    headers: dict[str, str] = field(default_factory=dict)
    schedule: tuple[float, ...] = ()
    attempts: int = 0
    push_id: str = ""
    settled: bool = False
    fault: Fault | None = None
    alarm: Alarm | None = None


class Courier:
    """All sockets, and everything that is on its way to them."""

    def __init__(self, desk: Desk, *, seed: int = 1) -> None:
        self.sockets: list[StreamSocket] = []
        self._desk = desk
        self._random = Random(seed)  # noqa: S311 (lots, not secrets)
        self._known: OrderedDict[str, tuple[Push, list[StreamSocket]]] = OrderedDict()
        self._held: list[Push] = []

    def post(self, push: Push) -> None:
        """Send a push off for the first time."""
        fault = push.fault = self._desk.faults.take(f"dingtalk.push.{push.door}", *PUSH_FAULTS)
        kind = fault.kind if fault else ""
        if kind == "drop":
            return
        if fault is not None and kind == "late":
            self._desk.alarms.after(fault.seconds, lambda: self._attempt(push))
        elif kind == "reorder":
            self._held.append(push)
            self._desk.alarms.after(1.0, self._release)
        else:
            self._attempt(push)
            self._release()

    def pick(self, kind: str, topic: str) -> StreamSocket | None:
        """Return a random socket that takes such pushes (the real cloud balances randomly per push)."""
        fit = [socket for socket in self.sockets if socket.takes(kind, topic)]
        return self._random.choice(fit) if fit else None

    def acked(self, socket: StreamSocket, ack: Any) -> None:
        """Take an acknowledgement."""

        def violate(rule: str, detail: str) -> None:
            self._desk.violate(rule, "stream", detail)

        if (ack := check_ack(ack, violate)) is None:
            return
        push, sent_on = self._known.get(str(ack["headers"].get("messageId")), (None, []))
        if push is None or socket not in sent_on:
            violate("ack.unknown" if push is None else "ack.other_socket", str(ack["headers"]))
            return
        if push.fault is not None and push.fault.kind == "deaf" and push.attempts == 1:
            return
        if ack.get("code") == 200 and not push.settled:  # noqa: PLR2004 (the protocol's ok)
            self._settle(push, ack_data(ack, violate))

    def _settle(self, push: Push, data: dict[str, Any]) -> None:
        push.settled = push.answered(data)
        if push.settled and push.alarm:
            push.alarm.cancel()
        if (
            push.fault is not None
            and push.fault.kind in ("redeliver", "redeliver_new")
            and push.attempts == 1
        ):
            push.attempts += 1
            self._write(push, new_push_id() if push.fault.kind == "redeliver_new" else push.push_id)

    def _release(self) -> None:
        held, self._held = self._held, []
        for push in held:
            self._attempt(push)

    def _attempt(self, push: Push) -> None:
        push.attempts += 1
        if not push.push_id or self._desk.limits.redeliver_new_id:
            push.push_id = new_push_id()
        self._write(push, push.push_id)
        if push.fault is not None and push.fault.kind == "duplicate" and push.attempts == 1:
            self._write(push, push.push_id)
        waits = push.schedule[push.attempts - 1 : push.attempts] or (_GRACE,)
        push.alarm = self._desk.alarms.after(waits[0], lambda: self._again(push))

    def _again(self, push: Push) -> None:
        if not push.settled and push.attempts <= len(push.schedule):
            self._attempt(push)
        elif not push.settled:
            push.given_up()

    def _write(self, push: Push, push_id: str) -> None:
        socket = self.pick(push.kind, push.topic)
        if socket is None:
            return
        if push.fault is not None and push.attempts == 1 and self._break(socket, push.fault):
            return
        self._known.setdefault(push_id, (push, []))[1].append(socket)  # told again, it may go to another
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        headers = {"appId": APP_ID, "connectionId": socket.id} | push.headers
        socket.send(frame(push.kind, topic=push.topic, push_id=push_id, data=push.data, headers=headers))

    def _break(self, socket: StreamSocket, fault: Fault) -> bool:
        """Let the socket fall ill; say whether the push is gone with it."""
        if fault.kind == "garbage":
            socket.send(fault.text or "\x00 this is no JSON {")
        if fault.kind == "half_open":
            socket.silent = True
        if fault.kind == "cut":
            socket.cut()
        if fault.kind == "close":
            self._desk.spawn(socket.close(int(fault.code or 1000)))
        return fault.kind in ("half_open", "cut", "close")
