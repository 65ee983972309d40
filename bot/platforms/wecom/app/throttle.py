"""How much one member, or one group's webhook, may be told; what is beyond WeCom drops without a word.

Sources: 30 a minute and 1,000 an hour for each member (page 90454, surplus dropped silently), 20 a minute for
each webhook (page 99110).
"""

from dataclasses import replace
from typing import Final

from bot.platforms.wecom.app.outcomes import WINDOWS
from domain.clock import Clock
from notifier.budget import Limit, Spending
from notifier.delivery import Outcome, Retry

MEMBER: Final = (Limit(count=30, seconds=60), Limit(count=1000, seconds=3600))
WEBHOOK: Final = (Limit(count=20, seconds=60),)
_MOST: Final = 20_000


class Throttle:
    """What each destination has been told lately by this process, and how long 45009 keeps us out."""

    def __init__(self, clock: Clock, *, limits: tuple[Limit, ...]) -> None:
        self._clock = clock
        self._limits = limits
        self._spent: dict[str, Spending] = {}
        self._blocks: dict[str, tuple[float, int]] = {}

    def wait(self, whom: str) -> float:
        """Return the seconds until this destination may be told something; 0: now."""
        now = self._clock.monotonic()
        return self._of(whom).wait(now=now, need="urgent")

    def count(self, whom: str) -> None:
        """Count one message."""
        self._of(whom).spend(now=self._clock.monotonic())

    def blocked(self, outcome: Retry, *, whose: str = "") -> Outcome:
        """Return how long 45009 lasts: a minute the first time, an hour if it is said again right after.

        `whose` limit it is: the app's ('') or one webhook's. What was under way when it was said first is
        refused by the same block, and makes it no longer.
        """
        now = self._clock.monotonic()
        until, step = self._blocks.get(whose, (float("-inf"), 0))
        if now >= until:
            step = min(step + 1, len(WINDOWS) - 1) if now < until + WINDOWS[0] else 0
            until = now + WINDOWS[step]
            self._blocks[whose] = until, step
        return replace(outcome, after=until - now, block=True)

    def _of(self, whom: str) -> Spending:
        if whom not in self._spent:
            if len(self._spent) >= _MOST:
                self._spent.clear()
            self._spent[whom] = Spending(self._limits)
        return self._spent[whom]
