"""Every write passes here: the job, and what follows from its events, in one transaction."""

from collections.abc import Callable
from typing import TypeVar

from domain.work import Work
from notifier.announce import announce

T = TypeVar("T")


def act(work: Work, job: Callable[[Work], T]) -> T:
    """Run `job`, then queue what its events must tell; chat, API, command line and timers come this way."""
    result = job(work)
    announce(work)
    return result
