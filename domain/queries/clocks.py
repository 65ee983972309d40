"""Clocks on material as they read: what runs, and what is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from domain.models.floor import Timer, TimerStatus
from domain.work import Work

LIVE: Final = (TimerStatus.ACTIVE, TimerStatus.WARNED)
OVER: Final = (*LIVE, TimerStatus.EXPIRED)


@dataclass(frozen=True, kw_only=True)
class ClockView:
    """One clock: on what, since when, until when; `waits`: it must run out before the thing may be used."""

    thing: str
    timer: str
    status: TimerStatus
    started_at: datetime
    due_at: datetime
    waits: bool


def running(work: Work, *, thing: str = "", limit: int = 30) -> Sequence[ClockView]:
    """Return clocks that run (on one thing, or on anything), the soonest due first."""
    query = select(Timer).where(Timer.site_id == work.site_id, Timer.status.in_(LIVE), ~Timer.void)
    if thing:
        query = query.where(Timer.code == thing)
    return [_view(work, it) for it in work.session.scalars(query.order_by(Timer.due_at).limit(limit))]


def things(work: Work, *, over: bool, limit: int = 6) -> Sequence[str]:
    """Return the codes on which clocks run (or, with `over`, have run out), the soonest due first."""
    statuses = OVER if over else LIVE
    query = select(Timer.code).where(Timer.site_id == work.site_id, Timer.status.in_(statuses), ~Timer.void)
    return list(dict.fromkeys(work.session.scalars(query.order_by(Timer.due_at).limit(limit * 3))))[:limit]


def _view(work: Work, found: Timer) -> ClockView:
    rule = work.playbook.timers_by_word.get(found.rule)
    return ClockView(
        thing=found.code,
        timer=rule.name if rule else found.rule,
        status=found.status,
        started_at=found.started_at,
        due_at=found.due_at,
        waits=rule is not None and rule.kind == "at_least",
    )
