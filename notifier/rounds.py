"""What is looked after now and then: what is due is found in rows, and each of it is done alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.queries import overdue
from domain.work import Work
from notifier import parcels, timers


@dataclass(frozen=True, kw_only=True)
class Round:
    """What is due (ids, read), what is done about each (written), and how many seconds pass in between."""

    name: str
    seconds: float
    due: Callable[[Work], Sequence[int]]
    fire: Callable[[Work, int], bool]


ROUNDS: Final = (
    Round(name="expired message", seconds=10, due=parcels.expired, fire=parcels.bury_expired),
    Round(name="waiting call", seconds=10, due=parcels.waiting_calls, fire=parcels.go_round),
    Round(
        name="stalled order",
        seconds=60,
        due=overdue.standing_still,
        fire=lambda work, it: timers.call_for_stalled(work, order_id=it),
    ),
    Round(
        name="expiring lot",
        seconds=60,
        due=overdue.expiring,
        fire=lambda work, it: timers.tell_of_expiring(work, lot_id=it),
    ),
)
