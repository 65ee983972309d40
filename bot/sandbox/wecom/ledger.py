"""Which callbacks have been handed out, on which line, and what may still be answered on them."""

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.sandbox.town import Room
from bot.sandbox.wecom.limits import Limits
from bot.sandbox.wecom.refusals import Code, Refusal
from domain.clock import Clock

EventType = Literal["enter_chat", "template_card_event", "feedback_event", "disconnected_event"]


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A bubble that is being written: its post, its first frame's time, whether it is finished."""

    post_id: str
    since: datetime
    finished: bool = False


@dataclass(kw_only=True)
class Callback:
    """One frame that was pushed: `event` is empty for a message; `subject` is a post's id."""

    req_id: str
    line: int
    room: Room
    user_id: str
    at: datetime
    tick: float
    event: EventType | Literal[""] = ""
    subject: str = ""
    answered: bool = False
    streams: dict[str, Stream] = field(default_factory=dict)


class Ledger:
    """Callbacks by req_id, and the interactions of each user that wait for an answer."""

    def __init__(self, *, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._callbacks: dict[str, Callback] = {}
        self._open: defaultdict[str, dict[str, datetime]] = defaultdict(dict)

    def issue(
        self, *, line: int, room: Room, user_id: str, event: EventType | Literal[""] = "", again: bool = False
    ) -> Callback:
        """Hand out a new req_id; a message opens an interaction of its user, unless it is told `again`."""
        self._forget()
        now = self._clock.now()
        made = Callback(
            req_id=secrets.token_urlsafe(18),
            line=line,
            room=room,
            user_id=user_id,
            at=now,
            tick=self._clock.monotonic(),
            event=event,
        )
        self._callbacks[made.req_id] = made
        if not event and not again:
            self._open[user_id][made.req_id] = now
        return made

    def for_reply(self, req_id: str, *, line: int) -> Callback:
        """Return the message callback to reply on: of this line, at most 24 h old."""
        found = self._known(req_id, line=line)
        if found.event:
            raise _invalid("req_id.event")
        if self._clock.now() - found.at > self._limits.reply_window:
            raise _invalid("req_id.reply_window")
        return found

    def for_event(self, req_id: str, *, line: int, event: EventType) -> Callback:
        """Return the event callback to answer: of this kind and line, at most 5 s old, and only once."""
        found = self._known(req_id, line=line)
        if found.event != event or found.answered:
            raise _invalid("req_id.event_answered" if found.answered else "req_id.kind")
        if self._clock.monotonic() - found.tick > self._limits.event_window.total_seconds():
            raise _invalid("req_id.event_window")
        return found

    def in_flight(self, user_id: str) -> int:
        """Count the user's interactions that are neither finished nor given up after 6 minutes."""
        limit = self._clock.now() - self._limits.stream_window
        waiting = self._open[user_id]
        for req_id in [key for key, since in waiting.items() if since <= limit]:
            del waiting[req_id]
        return len(waiting)

    def finish(self, callback: Callback) -> None:
        """Mark as answered; the interaction is over."""
        callback.answered = True
        self._open[callback.user_id].pop(callback.req_id, None)

    def hang_up(self, line: int) -> None:
        """Give up the interactions of a line that has ended."""
        for waiting in self._open.values():
            for req_id in [key for key in waiting if self._callbacks[key].line == line]:
                del waiting[req_id]

    def _known(self, req_id: str, *, line: int) -> Callback:
        found = self._callbacks.get(req_id)
        if found is None:
            raise _invalid("req_id.unknown")
        if found.line != line:
            raise _invalid("req_id.previous_connection")
        return found

    def _forget(self) -> None:
        limit = self._clock.now() - self._limits.reply_window - timedelta(hours=1)
        while self._callbacks and (oldest := next(iter(self._callbacks.values()))).at < limit:
            self._open[oldest.user_id].pop(oldest.req_id, None)
            del self._callbacks[oldest.req_id]


def _invalid(rule: str) -> Refusal:
    return Refusal(Code.BAD_REQ_ID, "invalid req_id", rule=rule)
