"""Due rows become acts: ladders climb, what was taken and not mended reopens, confirmations are reminded."""

from collections.abc import Collection, Sequence

from domain.actions import andon_timers, deciding, handover, overdue, requisitions, sign_on
from domain.actions import timers as clocks
from domain.queries import handovers
from domain.store import andons
from domain.work import Work
from notifier.act import act


def due_andons(work: Work, *, besides: Collection[int] = ()) -> Sequence[int]:
    """Return andons whose time has come, the longest overdue first; `besides` those known to fail."""
    return andons.due(work, at=work.now, besides=besides)


def call_for_stalled(work: Work, *, order_id: int) -> bool:
    """Call for help for an order that stands still; False if there is no need any more."""
    return act(work, lambda it: overdue.call_for_stalled(it, order_id=order_id))


def tell_of_expiring(work: Work, *, lot_id: int) -> bool:
    """Tell of a lot that is about to run out; False if it was told already."""
    return act(work, lambda it: overdue.tell_of_expiring(it, lot_id=lot_id))


def fire_andon(work: Work, *, andon_id: int) -> bool:
    """Do what is due on one andon; False if another node has done it."""
    return act(work, lambda it: andon_timers.run_timer(it, andon_id=andon_id)) is not None


def fire_timer(work: Work, *, timer_id: int) -> bool:
    """Warn of a clock on material, or say that it is over; False if another node has done it."""
    return act(work, lambda it: clocks.fire(it, timer_id=timer_id))


def sign_off(work: Work, *, sign_on_id: int) -> bool:
    """Sign off who forgot to; False if they have done so meanwhile."""
    return act(work, lambda it: sign_on.end_forgotten(it, sign_on_id=sign_on_id))


def remind_of_approval(work: Work, *, approval_id: int) -> bool:
    """Tell who is on shift of what waits for their approval; False if there is no need any more."""
    return act(work, lambda it: deciding.remind(it, approval_id=approval_id))


def late_handovers(work: Work) -> Sequence[int]:
    """Return hand-overs that nobody has taken."""
    return [it.id for it in handovers.late(work)]


def remind_of_handover(work: Work, *, handover_id: int) -> bool:
    """Tell the next shift of a hand-over that nobody has taken; False if there is no need any more."""
    return act(work, lambda it: handover.remind(it, handover_id=handover_id))


def handovers_to_draft(work: Work) -> Sequence[int]:
    """Return the places (in the playbook) of departments whose hand-over is due to be drafted."""
    codes = set(handovers.to_draft(work))
    return [place for place, unit in enumerate(work.playbook.departments) if unit.code in codes]


def draft_handover(work: Work, *, place: int) -> bool:
    """Draft the hand-over of the department at this place of the playbook; False if there is one already."""
    department = work.playbook.departments[place].code
    return act(work, lambda it: handover.draft_for(it, department=department))


def remind_of_requisition(work: Work, *, requisition_id: int) -> bool:
    """Remind of a requisition that nobody has taken or brought in time; False if it is done."""
    return act(work, lambda it: requisitions.remind(it, requisition_id=requisition_id))
