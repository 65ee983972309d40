"""Digests at their hour: a slot is claimed and its messages queued in one transaction, so each goes out once.

APScheduler gives the cron arithmetic; rows decide. The slot is the *local* wall time, so the hour that comes
twice in autumn fires once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from apscheduler.triggers.cron import CronTrigger

from domain.duty import is_day_for
from domain.playbook import Playbook
from domain.playbook.rules import Digest
from domain.queries.people import Reach
from domain.store import claims
from domain.work import Work
from notifier.announce import address
from notifier.card import Card
from notifier.digests.daily import daily
from notifier.digests.standup import standup
from notifier.post import post
from notifier.text import speaking

RENDERINGS: Final[dict[str, Callable[[Work, Digest], Card]]] = {
    "standup": lambda work, digest: standup(work, department=digest.department or ""),
    "daily": lambda work, _digest: daily(work),
    "shift": lambda work, _digest: daily(work),
}


def trigger(playbook: Playbook, digest: Digest) -> CronTrigger:
    """Return the digest's hour as a cron trigger of every day; the calendar says which days count."""
    return CronTrigger(hour=digest.at.hour, minute=digest.at.minute, timezone=playbook.zone)


def due_slot(playbook: Playbook, digest: Digest, *, now: datetime) -> datetime | None:
    """Return the newest slot that has come and is not too late for the digest's catch-up policy."""
    slot, newest = trigger(playbook, digest).get_next_fire_time(None, now - digest.late), None
    while slot is not None and slot <= now:
        newest = slot
        slot = trigger(playbook, digest).get_next_fire_time(slot, slot)
    return newest


def fire_digests(work: Work) -> int:
    """Queue every digest whose slot has come and is nobody's yet; returns how many."""
    fired = 0
    for digest in work.playbook.digests:
        slot = due_slot(work.playbook, digest, now=work.now)
        if slot is not None and _fire(work, digest, slot):
            fired += 1
    return fired


def _fire(work: Work, digest: Digest, slot: datetime) -> bool:
    name = f"{slot:%Y-%m-%dT%H:%M}"
    works = is_day_for(work.playbook, days=digest.days, follows_calendar=digest.calendar, on=slot.date())
    rests = not works
    outcome = "day off" if rests else "fired"
    if not claims.claim_slot(work, job=f"digest:{digest.code}", slot=name, outcome=outcome) or rests:
        return False
    with speaking(work.playbook.site.language):
        card = RENDERINGS[digest.kind](work, digest)
    for code in digest.chats:
        chat = work.playbook.chat(code)
        to = address(Reach(platform=chat.platform, chat_id=chat.id, kind="group"))
        post(work, to, card, kind="digest", dedup_key=f"digest:{digest.code}:{name}:{to.key}")
    return True
