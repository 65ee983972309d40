"""Time is handed in: the only module that reads the machine's clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is, for rules (`now`) and for time-outs (`monotonic`)."""

    def now(self) -> datetime:
        """Aware UTC, movable."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump: time-outs and watchdogs only."""
        ...


class SystemClock:
    """The machine's clock, plus an offset that a demo or a test may move."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """Aware UTC with the offset applied."""
        return datetime.fromtimestamp(time.time(), UTC) + self.offset  # noqa: TID251 (the one reader)

    def monotonic(self) -> float:
        """Seconds of the machine's monotonic clock; no offset."""
        return time.monotonic()

    def advance(self, by: timedelta) -> None:
        """Move the clock forward (or back) by `by`."""
        self.offset += by


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("time is aware UTC")
        self._at = at
        self._ticks = 0.0

    def now(self) -> datetime:
        """Where the hands stand."""
        return self._at

    def monotonic(self) -> float:
        """Advances together with the hands."""
        return self._ticks

    def advance(self, by: timedelta) -> None:
        """Move hands and ticks together."""
        self._at += by
        self._ticks += by.total_seconds()


def wall_milliseconds() -> int:
    """Milliseconds since 1970 of the machine itself, for ids and wire time stamps; never movable."""
    return time.time_ns() // 1_000_000
