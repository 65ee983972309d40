"""A record of everything that crossed the wire, and of every rule of the wire that was broken."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from domain.clock import Clock

Direction = Literal["in", "out"]


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """One request, answer or frame. `in`: from the bot to the cloud; `out`: from the cloud to the bot."""

    direction: Direction
    door: str
    at: datetime
    payload: Any
    status: int | None = None


@dataclass(frozen=True, kw_only=True)
class Violation:
    """The bot broke a rule of the wire: `rule` is a short fixed name."""

    rule: str
    door: str
    detail: str = ""


class Recorder:
    """Keeps the last `limit` crossings and all violations; tests assert that the latter are empty."""

    def __init__(self, clock: Clock, *, limit: int = 10_000) -> None:
        self._clock = clock
        self.crossings: deque[Crossing] = deque(maxlen=limit)
        self.violations: list[Violation] = []

    def record(self, direction: Direction, door: str, payload: Any, *, status: int | None = None) -> None:
        """Write a crossing down."""
        self.crossings.append(
            Crossing(direction=direction, door=door, at=self._clock.now(), payload=payload, status=status)
        )

    def violate(self, rule: str, door: str, detail: str = "") -> None:
        """Write a broken rule down."""
        self.violations.append(Violation(rule=rule, door=door, detail=detail))

    def at(self, door: str, direction: Direction | None = None) -> list[Crossing]:
        """Return the crossings of one door, oldest first."""
        return [c for c in self.crossings if c.door == door and direction in (None, c.direction)]

    def payloads(self, door: str, direction: Direction = "in") -> list[Any]:
        """Return what crossed one door in one direction."""
        return [crossing.payload for crossing in self.at(door, direction)]

    def rules_broken(self) -> list[str]:
        """Return the names of the broken rules, in order."""
        return [violation.rule for violation in self.violations]
