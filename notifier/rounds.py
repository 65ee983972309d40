"""What is looked after now and then: each a job that finds in rows what is due, and does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from domain.work import Work
from notifier import parcels


@dataclass(frozen=True, kw_only=True)
class Round:
    """A job of the office, and how many seconds pass between two on one node."""

    name: str
    seconds: float
    job: Callable[[Work], int]


ROUNDS: Final = (
    Round(name="expired messages", seconds=10, job=parcels.bury_expired),
    Round(name="calls that wait", seconds=10, job=parcels.go_round),
)
