"""Every write passes here: the job, and what follows from its events, in one transaction."""

from collections.abc import Callable
from typing import TypeVar

from domain.work import Work
from notifier.announce import announce
from notifier.card import Card
from notifier.text import speaking

T = TypeVar("T")


def act(work: Work, job: Callable[[Work], T]) -> T:
    """Run `job`, then queue what its events must tell; chat, API, command line and timers come this way.

    Whoever asked is answered in their own language; what others are told is in the plant's.
    """
    result = job(work)
    with speaking(work.playbook.site.language):
        announce(work, answer=result if isinstance(result, Card) else None)
    return result
