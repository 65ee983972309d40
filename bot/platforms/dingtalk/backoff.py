"""How long to wait before the next attempt to connect: longer each time, and never all at the same moment."""

from collections.abc import Callable
from random import SystemRandom

from bot.platforms.dingtalk.config import Timings


class Backoff:
    """Exponential back-off with full jitter for a failing network; slow, with half jitter, for a refusal."""

    def __init__(self, timings: Timings, *, jitter: Callable[[], float] | None = None) -> None:
        self._timings = timings
        self._jitter = jitter or SystemRandom().random
        self._failures = 0
        self._refusals = 0

    def reset(self) -> None:
        """Start from the beginning: a connection has lived long enough."""
        self._failures = self._refusals = 0

    def failed(self) -> float:
        """Return the seconds to wait after a connection failed or ended early."""
        self._failures, self._refusals = self._failures + 1, 0
        first, most = self._timings.backoff_first, self._timings.backoff_most
        return self._jitter() * _grown(first, most, self._failures)

    def refused(self) -> float:
        """Return the seconds to wait after the credentials were refused."""
        self._refusals += 1
        whole = _grown(self._timings.refused_first, self._timings.refused_most, self._refusals)
        return whole * (0.5 + self._jitter() / 2)


def _grown(first: float, most: float, count: int) -> float:
    return min(most, first * 2.0 ** min(count - 1, 30))
