"""Due rows become acts: ladders climb, what was taken and not mended reopens, confirmations are reminded."""

from collections.abc import Collection, Sequence

from domain.actions import andon_timers, overdue
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
