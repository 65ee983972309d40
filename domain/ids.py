"""64-bit, time-ordered ids of our own, so that nothing waits for a key.

41 bits of milliseconds since 2025-01-01, 10 bits of node, 12 bits of sequence.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from domain.clock import wall_milliseconds

EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
NODES = 1 << 10
SEQUENCES = 1 << 12


def made_at(made: int) -> datetime:
    """Return when an id was made, in UTC, by the clock that its maker went by."""
    return datetime.fromtimestamp(((made >> 22) + EPOCH_MS) / 1000, UTC)


class IdMaker:
    """Makes ids that only grow on this node, even when the machine's clock jumps back."""

    def __init__(self, *, node: int = 0, milliseconds: Callable[[], int] = wall_milliseconds) -> None:
        self._node = node % NODES
        self._milliseconds = milliseconds
        self._ahead_ms = 0
        self._last_ms = 0
        self._sequence = 0
        self._lock = threading.Lock()

    def go_on_after(self, newest: int) -> None:
        """Make no id below `newest` of an earlier process: the machine's clock may have been set back."""
        with self._lock:
            self._last_ms = max(self._last_ms, (newest >> 22) + 1) if newest else self._last_ms

    def go_by(self, milliseconds: int) -> None:
        """Go by the clock that shows `milliseconds` now, and no more by the machine's: nodes share one."""
        with self._lock:
            self._ahead_ms = milliseconds - self._milliseconds()

    def __call__(self, *, after: int = 0) -> int:
        """Return the next id, above `after`, which may be another node's."""
        if after:
            self.go_on_after(after)
        with self._lock:
            now = max(self._milliseconds() + self._ahead_ms - EPOCH_MS, self._last_ms)
            self._sequence = (self._sequence + 1) % SEQUENCES if now == self._last_ms else 0
            if now == self._last_ms and self._sequence == 0:
                now += 1  # 4,096 ids in one millisecond: borrow from the next
            self._last_ms = now
            return (now << 22) | (self._node << 12) | self._sequence
