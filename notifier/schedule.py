"""Digests at their hour: a slot is claimed and its messages queued in one transaction, so each goes out once.

APScheduler gives the cron arithmetic; rows decide. The slot is the *local* wall time, so the hour that comes
twice in autumn fires once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from apscheduler.triggers.cron import CronTrigger

from domain.duty import is_day_for
from domain.playbook import Playbook
from domain.playbook.rules import Digest
from domain.queries.people import Reach
from domain.store import claims
from domain.work import Work
from notifier.card import Card
from notifier.digests.daily import daily
from notifier.digests.standup import standup
from notifier.post import post
from notifier.telling import address
from notifier.text import speaking

RENDERINGS: Final[dict[str, Callable[[Work, Digest, datetime], Card]]] = {
    "standup": lambda work, digest, _slot: standup(work, department=digest.department or ""),
    "daily": lambda work, _digest, slot: daily(work, at=slot),
    "shift": lambda work, _digest, slot: daily(work, at=slot),
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


def due_digests(work: Work) -> Sequence[tuple[str, datetime]]:
    """Return code and slot of every digest whose slot has come and is nobody's yet."""
    due = ((it.code, due_slot(work.playbook, it, now=work.now)) for it in work.playbook.digests)
    return [
        (code, slot)
        for code, slot in due
        if slot and not claims.claimed(work, job=_job(code), slot=_name(slot))
    ]


def fire_digest(work: Work, *, code: str, slot: datetime) -> bool:
    """Queue one digest for its slot; False if another node has done it, or it is a day off."""
    digest = next((it for it in work.playbook.digests if it.code == code), None)
    return digest is not None and _fire(work, digest, slot)


def _job(code: str) -> str:
    return f"digest:{code}"


def _name(slot: datetime) -> str:
    return f"{slot:%Y-%m-%dT%H:%M}"


def _fire(work: Work, digest: Digest, slot: datetime) -> bool:
    name = _name(slot)
    works = is_day_for(work.playbook, days=digest.days, follows_calendar=digest.calendar, on=slot.date())
    rests = not works
    outcome = "day off" if rests else "fired"
    if not claims.claim_slot(work, job=_job(digest.code), slot=name, outcome=outcome) or rests:
        return False
    with speaking(work.playbook.site.language):
        card = RENDERINGS[digest.kind](work, digest, slot)
    for code in digest.chats:
        chat = work.playbook.chat(code)
        to = address(Reach(platform=chat.platform, chat_id=chat.id, kind="group"))
        post(work, to, card, kind="digest", dedup_key=f"{_job(digest.code)}:{name}:{to.key}")
    return True
