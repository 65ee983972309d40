"""Claims of things of which there may be one: scheduled slots, connections; and small settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.models.journal import Dialogue, JobFire, Lease, Setting
from domain.store.clock import database_time
from domain.store.prepared import Prepared
from domain.work import Work

_THEIRS: Final = (Dialogue.chat_key == bindparam("key"), Dialogue.sender == bindparam("who"))
_OPEN: Final = Prepared(select(Dialogue.pending, Dialogue.card, Dialogue.expires_at).where(*_THEIRS))
_END: Final = Prepared(delete(Dialogue).where(*_THEIRS).returning(Dialogue.card))
_ASK: Final = Prepared(insert(Dialogue))
_RENEW: Final = Prepared(
    update(Lease)
    .where(Lease.name == bindparam("of"), Lease.holder == bindparam("by"))
    .values(until=bindparam("new"))
)
_FACT: Final = Prepared(select(Setting.value).where(Setting.name == bindparam("of")))
_CLAIMED: Final = Prepared(
    select(JobFire.slot).where(JobFire.job == bindparam("of"), JobFire.slot == bindparam("at"))
)


@dataclass(frozen=True)
class Question:
    """What a person was asked: the dialogue's row, and the card that asks (key, title, lines) if one does."""

    pending: dict[str, Any]
    card: dict[str, Any] | None = None


def claim_slot(work: Work, *, job: str, slot: str, outcome: str = "fired") -> bool:
    """Claim (job, local slot); False if some node has it already."""
    row = {"job": job, "slot": slot, "fired_at": work.now, "outcome": outcome}
    new = _insert(work)(JobFire).values(row).on_conflict_do_nothing().returning(JobFire.job)
    return work.session.execute(new).first() is not None


def _insert(work: Work) -> Callable[..., Any]:
    """Return the dialect's own INSERT, which knows what to do where the row is there already."""
    return postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert


def claimed(work: Work, *, job: str, slot: str) -> bool:
    """Say whether some node has claimed (job, local slot)."""
    return _CLAIMED.first(work, of=job, at=slot) is not None


def hold(work: Work, *, name: str, holder: str, seconds: float) -> bool:
    """Take or renew a lease; False if another holder has it."""
    now = database_time(work)
    if _RENEW.run(work, of=name, by=holder, new=now + timedelta(seconds=seconds)):
        return True
    new = _insert(work)(Lease).values(name=name, holder=holder, until=now, fence=0)
    work.session.execute(new.on_conflict_do_nothing())  # of two that come first, both find one row
    lease = work.session.scalars(select(Lease).where(Lease.name == name).with_for_update()).one()
    if lease.holder != holder and lease.until > now:
        return False
    if lease.holder != holder:
        lease.holder, lease.fence = holder, lease.fence + 1
    lease.until = now + timedelta(seconds=seconds)
    return True


def is_held(work: Work, *, name: str) -> bool:
    """Say whether anybody has a lease now."""
    lease = work.session.scalars(select(Lease).where(Lease.name == name)).first()
    return lease is not None and lease.until > database_time(work)


def release(work: Work, *, name: str, holder: str) -> None:
    """Give a lease back."""
    lease = work.session.scalars(select(Lease).where(Lease.name == name).with_for_update()).first()
    if lease is not None and lease.holder == holder:
        lease.until = database_time(work)


def setting(work: Work, name: str) -> dict[str, Any] | None:
    """Return a small fact of this database."""
    found = _FACT.first(work, of=name)
    return None if found is None else dict(found.value)


def put_setting(work: Work, name: str, value: dict[str, Any]) -> None:
    """Write a small fact of this database."""
    new = _insert(work)(Setting).values(name=name, value=value)
    written = new.on_conflict_do_update(index_elements=[Setting.name], set_={"value": value})
    work.session.execute(written.returning(Setting), execution_options={"populate_existing": True})


def dialogue(work: Work, *, chat_key: str, sender: str) -> Question | None:
    """Return what the bot waits to hear from this person here, unless it has expired."""
    found = _OPEN.first(work, key=chat_key, who=sender)
    return Question(found.pending, found.card) if found is not None and found.expires_at > work.now else None


def put_dialogue(
    work: Work, *, chat_key: str, sender: str, new: Question | None, lasts: timedelta
) -> dict[str, Any] | None:
    """Keep, replace or (None) end a dialogue; returns the card of the one that ends."""
    ended = _END.first(work, key=chat_key, who=sender)
    if new is not None:
        given = {"chat_key": chat_key, "sender": sender, "expires_at": work.now + lasts}
        _ASK.run(work, **given, pending=new.pending, card=new.card)
    return ended.card if ended else None
