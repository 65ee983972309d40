"""Directories at their hour, when somebody asks, and after events: which are due, and what a reading does.

A whole reading of the night claims its slot in the transaction that applies it, so it counts once; what an
event named, or somebody asked for, is a note that is taken back in that transaction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from apscheduler.triggers.cron import CronTrigger

from domain.actions import directory as acts
from domain.actions.leaving import leave
from domain.models.directory import Directory, Member
from domain.playbook import Playbook
from domain.store import claims
from domain.store import directory as store
from domain.work import Work
from notifier.act import act

LATE: Final = timedelta(hours=20)
"""A night's reading that was missed is made up for until then."""
LEASE_SECONDS: Final = 300.0


@dataclass(frozen=True, kw_only=True)
class Due:
    """A reading that is due: of one account, or of all (`*`); the slot it claims, the note it takes back."""

    platform: str
    user_id: str = acts.EVERYTHING
    slot: str = ""
    note: dict[str, Any] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether all of it is to be read."""
        return self.user_id == acts.EVERYTHING

    @property
    def asked(self) -> str:
        """The key of the chat that asked, if one did."""
        return str(self.note.get("asked", ""))

    @property
    def by(self) -> str:
        """The job number of who asked."""
        return str(self.note.get("by", ""))

    @property
    def key(self) -> str:
        """What is tried again later if it fails."""
        return f"{self.platform}:{self.user_id}:{self.slot or self.note.get('number', '')}"


def slot_of(playbook: Playbook, *, now: datetime) -> str:
    """Return the newest night whose hour has come, by the plant's clock; empty if that is too long ago."""
    at = playbook.directory.at
    trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=playbook.zone)
    slot, newest = trigger.get_next_fire_time(None, now - LATE), ""
    while slot is not None and slot <= now:
        newest = f"{slot:%Y-%m-%dT%H:%M}"
        slot = trigger.get_next_fire_time(slot, slot)
    return newest


def due(work: Work) -> Sequence[Due]:
    """Return the readings that are due, whole ones first."""
    notes = [Due(platform=it[0], user_id=it[1], note=it[2]) for it in store.wanted(work)]
    whole = [it for it in notes if it.whole]
    asked = {it.platform for it in whole}
    nights = [it for it in _nights(work) if it.platform not in asked]
    return [*whole, *nights, *(it for it in notes if not it.whole)]


def _nights(work: Work) -> Iterator[Due]:
    slot = slot_of(work.playbook, now=work.now)
    for platform in work.playbook.directory.platforms if slot else ():
        if not claims.claimed(work, job=_job(platform), slot=slot):
            yield Due(platform=platform, slot=slot)


def _job(platform: str) -> str:
    return f"directory:{platform}"


def hold(work: Work, *, reading: Due, node: str) -> bool:
    """Take the platform's directory for this node; False if another one is reading it."""
    return claims.hold(work, name=_job(reading.platform), holder=node, seconds=LEASE_SECONDS)


def release(work: Work, *, reading: Due, node: str) -> None:
    """Give the platform's directory back."""
    claims.release(work, name=_job(reading.platform), holder=node)


def apply(work: Work, *, reading: Due, directory: Directory, began: store.Stamps) -> None:
    """Apply a whole directory, unless another node has done so for this night."""
    if _is_first(work, reading):
        given = {"platform": reading.platform, "directory": directory, "began": began}
        asked = {"asked": reading.asked, "by": reading.by}
        act(work, lambda it: acts.apply(it, **given, **asked))  # type: ignore[arg-type]


def apply_member(work: Work, *, reading: Due, member: Member | None, began: store.Stamps) -> None:
    """Apply one account; who is not of the organisation has left."""
    _is_first(work, reading)
    platform = reading.platform
    if member is None:
        act(work, lambda it: leave(it, platform=platform, user_ids=[reading.user_id]))
    else:
        act(work, lambda it: acts.apply_member(it, platform=platform, member=member, began=began))


def fail(work: Work, *, reading: Due, reason: str, last: bool) -> None:
    """Note why a directory could not be read; `last`: it is not tried again for this."""
    if last:
        _is_first(work, reading)
    if reading.whole:
        given = {"platform": reading.platform, "reason": reason}
        act(work, lambda it: acts.fail(it, **given, asked=reading.asked, by=reading.by))


def skip(work: Work, *, reading: Due, reason: str) -> None:
    """Pass over what nobody here can read: only who asked hears of it."""
    _is_first(work, reading)
    if reading.asked:
        fail(work, reading=reading, reason=reason, last=True)
    elif reading.whole:
        stood = store.standing(work, platform=reading.platform)
        store.keep_standing(work, platform=reading.platform, value={**stood, "error": reason})


def _is_first(work: Work, reading: Due) -> bool:
    """Claim the slot, take the note back."""
    if reading.note:
        store.have_read(work, platform=reading.platform, what=reading.user_id, value=reading.note)
    return not reading.slot or claims.claim_slot(work, job=_job(reading.platform), slot=reading.slot)
