"""The clock of a stage."""

from datetime import datetime

from domain.clock import SystemClock


class StandingClock(SystemClock):
    """Stands until it is moved, so that a talk ends the same every time; `monotonic` is the machine's."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self._at = at

    def now(self) -> datetime:
        """Where the hands stand."""
        return self._at + self.offset
