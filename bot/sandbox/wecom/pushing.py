"""Callbacks on their way to the bot: at most once, three in flight per user, and all that can go wrong."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Fault, FaultKind, Faults, PushFault
from bot.sandbox.recorder import Recorder
from bot.sandbox.town import Room
from bot.sandbox.wecom.ledger import Callback, EventType, Ledger
from bot.sandbox.wecom.limits import Limits
from bot.sandbox.wecom.line import Line

MISHAPS: tuple[FaultKind, ...] = tuple(kind for kind in get_args(PushFault) if kind != "deaf")


@dataclass(kw_only=True)
class Push:
    """One callback to deliver; `build` is called once, when it goes out (media links begin to age then)."""

    door: str
    room: Room
    user_id: str
    build: Callable[[], dict[str, Any]]
    event: EventType | None = None
    subject: str = ""
    body: dict[str, Any] | None = None
    callback: Callback | None = None
    kept: bool = False

    @property
    def cmd(self) -> str:
        """The frame's command."""
        return "aibot_event_callback" if self.event else "aibot_msg_callback"


class Pusher:
    """Delivers pushes on the bot's one line.

    `undelivered` keeps the subjects that never went out (no line, dropped, line ended while they waited):
    WeCom tells nobody. A message that a `deaf` fault strikes is kept until it is answered and pushed again,
    with the same msgid, after the next subscription.
    """

    def __init__(
        self, *, faults: Faults, recorder: Recorder, ledger: Ledger, limits: Limits, alarms: Alarms
    ) -> None:
        self.line: Line | None = None
        self.undelivered: list[str] = []
        self._faults = faults
        self._recorder = recorder
        self._ledger = ledger
        self._limits = limits
        self._alarms = alarms
        self._waiting: defaultdict[str, deque[Push]] = defaultdict(deque)
        self._held: list[Push] = []
        self._kept: list[Push] = []
        self._fresh = False

    def push(self, push: Push) -> None:
        """Deliver now, or when the user's earlier interactions are over."""
        if not push.event and self._faults.take(push.door, "deaf"):
            push.kept = True
            self._kept.append(push)
        if self.line is None:
            self._lose(push)
        elif not push.event and self._ledger.in_flight(push.user_id) >= self._limits.in_flight:
            self._waiting[push.user_id].append(push)
        else:
            self._try(push, line=self.line)

    def release(self) -> None:
        """Deliver what waited for an interaction to end or for a subscription; forget what was answered."""
        self._kept = [push for push in self._kept if not (push.callback and push.callback.answered)]
        if self._fresh and self.line:
            self._fresh = False
            for push in self._kept:
                self._send(push, line=self.line)
        for user_id, queue in self._waiting.items():
            while queue and self.line and self._ledger.in_flight(user_id) < self._limits.in_flight:
                self._try(queue.popleft(), line=self.line)

    def forget(self, subject: str) -> None:
        """Keep this post no longer."""
        self._kept = [push for push in self._kept if push.subject != subject]

    def subscribed(self, line: Line) -> None:
        """Push on this line from now on; what was kept goes out with the next `release`."""
        self.line = line
        self._fresh = True

    def hung_up(self, line: Line) -> None:
        """Take note that the line has ended: what waited on it is lost, its req_ids are stale."""
        self._ledger.hang_up(line.number)
        if self.line is line:
            self.line = None
            for queue in self._waiting.values():
                while queue:
                    self._lose(queue.popleft())

    def _try(self, push: Push, *, line: Line) -> None:
        fault = self._faults.take(push.door, *MISHAPS)
        if fault is None:
            self._send_with_held(push, line=line)
        else:
            self._mishap(push, fault, line=line)

    def _mishap(self, push: Push, fault: Fault, *, line: Line) -> None:
        match fault.kind:
            case "duplicate":
                self._send_with_held(push, line=line)
                self._repeat(push, line=line)
            case "redeliver":
                self._send_with_held(push, line=line)
                self._alarms.after(fault.seconds, lambda: self._repeat(push, line=line))
            case "redeliver_new":
                self._send_with_held(push, line=line)
                self._alarms.after(fault.seconds, lambda: self._send_late(push))
            case "reorder":
                self._held.append(push)
            case "late":
                self._alarms.after(fault.seconds, lambda: self._send_late(push))
            case "garbage":
                line.put_text('{"cmd":"aibot_msg_callback","headers":')
                self._send_with_held(push, line=line)
            case _:
                self._lose(push)
                self._end(line, fault)

    def _end(self, line: Line, fault: Fault) -> None:
        match fault.kind:
            case "half_open":
                line.silence()
            case "close":
                line.close(int(fault.code or 1000))
            case "cut":
                line.cut()

    def _send_with_held(self, push: Push, *, line: Line) -> None:
        held, self._held = self._held, []
        for one in (push, *held):
            self._send(one, line=line)

    def _send_late(self, push: Push) -> None:
        if self.line is None:
            self._lose(push)
        else:
            self._send(push, line=self.line)

    def _send(self, push: Push, *, line: Line) -> None:
        """Hand out a new req_id and send; the body, msgid included, stays what it was."""
        callback = self._ledger.issue(
            line=line.number,
            room=push.room,
            user_id=push.user_id,
            event=push.event or "",
            again=push.callback is not None,
        )
        callback.subject = push.subject
        push.callback = callback
        push.body = push.body or push.build()
        self._repeat(push, line=line)
        if not push.event:
            self._alarms.after(self._limits.stream_window.total_seconds() + 0.1, self.release)

    def _repeat(self, push: Push, *, line: Line) -> None:
        if push.callback and not line.silent:
            frame = {"cmd": push.cmd, "headers": {"req_id": push.callback.req_id}, "body": push.body}
            self._recorder.record("out", push.door, frame)
            line.put(frame)

    def _lose(self, push: Push) -> None:
        if not push.kept:
            self.undelivered.append(push.subject)
