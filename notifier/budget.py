"""Rate budgets as data: how much may be said where, and what is kept back for urgent things.

Figures: DingTalk 20 a minute and robot in a group (then blocked 10 minutes), WeCom 30 a minute and 1,000 an
hour per conversation, replies and pushes together. We stay under them by a tenth.

What was said is remembered here, not in rows: a row for every message would cost more than it saves. Several
nodes share each limit in equal parts, so that all together stay under it: see docs/budgets.md.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from domain.playbook import Playbook
from domain.playbook.rules import Budget
from notifier.delivery import HOOK

Need = Literal["urgent", "answer", "ordinary"]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `count` messages in any `seconds`; the last `reserve` of them only for urgent ones.

    Answers may use half of the reserve: somebody stands there and waits.
    """

    count: int
    seconds: float
    reserve: int = 0

    def open_to(self, need: Need) -> int:
        """Return how many there are for messages of this need."""
        kept = {"urgent": 0, "answer": (self.reserve + 1) // 2, "ordinary": self.reserve}
        return self.count - kept[need]


LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "dingtalk": (Limit(count=18, seconds=60, reserve=6),),
    "wecom": (Limit(count=27, seconds=60, reserve=6), Limit(count=900, seconds=3600, reserve=60)),
}
WEBHOOK: Final = Limit(count=18, seconds=60, reserve=6)
"""A group's webhook is a robot of its own: 20 a minute each, on both platforms.."""


class Share:
    """Which part of every limit is this node's: one by the number of nodes there are.

    What a node that has gone had spent of its part is remembered by whoever stays (`Budgets.remember`),
    before the part itself is theirs.
    """

    def __init__(self) -> None:
        self._nodes = 1

    def see(self, nodes: int) -> None:
        """Count the nodes there are now, this one included."""
        self._nodes = max(1, nodes)

    def of(self, count: int) -> int:
        """Return this node's part, at least one: with more nodes than that nobody would speak."""
        return max(1, count // self._nodes)


class Spending:
    """What one destination has spent; monotonic seconds go in, seconds to wait come out."""

    def __init__(self, limits: tuple[Limit, ...], share: Share | None = None) -> None:
        self._limits = limits
        self._share = share or Share()
        self._spent: deque[float] = deque()
        self._blocked_until = 0.0

    def wait(self, *, now: float, need: Need) -> float:
        """Return 0 if a message may go now, else the seconds until one may."""
        self._forget(now)
        waits = [self._blocked_until - now]
        for limit in self._limits:
            allowed = self._share.of(limit.open_to(need))
            if len(self._spent) < allowed:
                continue
            recent = [moment for moment in self._spent if moment > now - limit.seconds]
            if len(recent) >= allowed:
                waits.append(recent[len(recent) - allowed] + limit.seconds - now)
        return max(0.0, *waits)

    def spend(self, *, now: float) -> None:
        """Count one message."""
        self._spent.append(now)

    def remember(self, at: Iterable[float]) -> None:
        """Count messages of other processes, said at these moments."""
        self._spent = deque(sorted([*self._spent, *at]))

    def block(self, *, until: float) -> None:
        """Let nothing go before `until` (the platform punishes)."""
        self._blocked_until = max(self._blocked_until, until)

    def _forget(self, now: float) -> None:
        longest = max((limit.seconds for limit in self._limits), default=0.0)
        while self._spent and self._spent[0] <= now - longest:
            self._spent.popleft()


class Budgets:
    """The budgets of every destination this node speaks to."""

    def __init__(self, limits: dict[str, tuple[Limit, ...]] | None = None) -> None:
        self._limits = LIMITS if limits is None else limits
        self._budgets: dict[str, Spending] = {}
        self.share = Share()

    def remember(self, said: Iterable[tuple[str, str, float]], *, now: float) -> None:
        """Count what others have said, or who was here before: platform, chat and how many seconds ago."""
        moments: dict[tuple[str, str], list[float]] = {}
        for platform, chat_key, ago in said:
            moments.setdefault((platform, chat_key), []).append(now - ago)
        for (platform, chat_key), at in moments.items():
            self.of(platform=platform, chat_key=chat_key).remember(at)

    @classmethod
    def of_plant(cls, playbook: Playbook) -> "Budgets":
        """Return budgets as the playbook sets them; what it does not set is the platform's own limit."""
        return cls({name: _limits(name, playbook.budget(name)) for name in LIMITS})

    def of(self, *, platform: str, chat_key: str) -> Spending:
        """Return the budget of a chat, new if it was never spoken to."""
        if chat_key not in self._budgets:
            limits = self._limits.get(platform, ())
            if limits and chat_key.startswith(f"{platform}:{HOOK}"):
                limits = (min(limits[0], WEBHOOK, key=lambda it: it.count),)
            self._budgets[chat_key] = Spending(limits, self.share)
        return self._budgets[chat_key]


def _limits(platform: str, rule: Budget | None) -> tuple[Limit, ...]:
    minute, *longer = LIMITS[platform]
    if rule is None:
        return (minute, *longer)
    count = rule.per_minute or minute.count
    minute = Limit(count=count, seconds=minute.seconds, reserve=min(rule.reserve, count - 1))
    if rule.per_hour is not None:
        longer = [Limit(count=rule.per_hour, seconds=3600, reserve=min(rule.reserve, rule.per_hour - 1))]
    return (minute, *longer)
