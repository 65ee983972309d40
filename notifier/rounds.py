"""What is looked after now and then: what is due is found in rows, and each of it is done alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.queries import approvals, overdue, sign_ons
from domain.store import supply
from domain.store import timers as clocks
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
    Round(
        name="timer", seconds=10, due=clocks.due, fire=lambda work, it: timers.fire_timer(work, timer_id=it)
    ),
    Round(
        name="forgotten sign-on",
        seconds=60,
        due=sign_ons.forgotten,
        fire=lambda work, it: timers.sign_off(work, sign_on_id=it),
    ),
    Round(
        name="waiting approval",
        seconds=60,
        due=approvals.overdue,
        fire=lambda work, it: timers.remind_of_approval(work, approval_id=it),
    ),
    Round(
        name="late hand-over",
        seconds=60,
        due=timers.late_handovers,
        fire=lambda work, it: timers.remind_of_handover(work, handover_id=it),
    ),
    Round(
        name="hand-over to draft",
        seconds=60,
        due=timers.handovers_to_draft,
        fire=lambda work, it: timers.draft_handover(work, place=it),
    ),
    Round(
        name="late requisition",
        seconds=20,
        due=lambda work: supply.due_requisitions(work, at=work.now),
        fire=lambda work, it: timers.remind_of_requisition(work, requisition_id=it),
    ),
)
