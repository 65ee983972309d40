"""The outbox: everything that is said waits here until it is sent, superseded or dead, with a reason."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select, update

from domain.models.journal import IS_WAITING, Outbox, OutboxState
from domain.store import turns
from domain.store.clock import database_time
from domain.store.prepared import Prepared
from domain.work import Work

_OURS: Final = (Outbox.id == bindparam("row"), Outbox.lease == bindparam("holder"))
_RENEW: Final = Prepared(
    update(Outbox).where(*_OURS, Outbox.state == OutboxState.LEASED).values(lease_until=bindparam("until"))
)


def put(
    work: Work, *, dedup_key: str, lease: str | None, lease_seconds: float, behind: int = 0, **values: Any
) -> int:
    """Queue a message; with a `lease` it is already in the hands of this node's dispatcher.

    `behind` is an older one, perhaps of another node, that it must not overtake.
    """
    row = {
        "id": work.new_id(after=behind),
        "site_id": work.site_id,
        "dedup_key": dedup_key,
        "urgent": False,
        "card_key": "",
        "slot": None,
        "guard_id": None,
        "guard_generation": None,
        "event_id": None,
        "created_at": work.now,
        "not_before": work.now,
        "state": OutboxState.LEASED if lease else OutboxState.PENDING,
        "attempts": 0,
        "unknowns": 0,
        "lease": lease,
        "lease_until": database_time(work) + timedelta(seconds=lease_seconds) if lease else None,
        "provider_id": "",
        "reason": "",
        **values,
    }
    work.add_row("outbox", row)
    work.has_mail |= not lease
    return int(row["id"])


_DUE: Final = Prepared(
    select(Outbox.id)
    .where(IS_WAITING, Outbox.not_before <= bindparam("now"))
    .where(or_(Outbox.lease_until.is_(None), Outbox.lease_until <= bindparam("moment")))
    .limit(1)
)


def claim(
    work: Work,
    *,
    lease: str,
    seconds: float,
    limit: int,
    busy_chats: Collection[str],
    reach: Collection[str],
) -> Sequence[tuple[Outbox, Sequence[Outbox]]]:
    """Lease due messages: for each chat only the oldest that waits, so that order holds.

    With each come those that were found waiting behind it, locked but not leased. Mostly there is nothing,
    which is seen at a glance: the whole question costs as much as a command.
    `reach`: how the keys begin of the chats to which this node can speak.

    What is urgent does not wait until a busy chat is quiet. A lease that ran out is claimed again: its
    outcome is unknown, which is counted.
    """
    now = database_time(work)
    if not _DUE.all(work, now=work.now, moment=now):
        return []
    urgent = Outbox.urgent & (Outbox.state == OutboxState.PENDING)
    older = (
        select(Outbox.id)
        .where(IS_WAITING, Outbox.not_before <= work.now)
        .where(or_(false(), *(Outbox.chat_key.startswith(it, autoescape=True) for it in reach)))
        .where(or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now))
        .where(or_(Outbox.chat_key.not_in(busy_chats), urgent))
        .where(turns.is_first(work.now))
        .order_by(Outbox.urgent.desc(), Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = work.session.scalars(select(Outbox).where(Outbox.id.in_(older))).all()
    claimed: dict[str, tuple[Outbox, list[Outbox]]] = {}
    for row in sorted(rows, key=lambda row: (not row.urgent, row.id)):
        if row.chat_key in claimed:
            claimed[row.chat_key][1].append(row)
        else:
            claimed[row.chat_key] = row, []
            _lease(row, lease=lease, until=now + timedelta(seconds=seconds))
    return list(claimed.values())


def _lease(row: Outbox, *, lease: str, until: datetime) -> None:
    if row.state is OutboxState.LEASED:
        row.unknowns += 1
    row.state = OutboxState.LEASED
    row.lease, row.lease_until = lease, until


def newer_waits(work: Work, row: Outbox) -> bool:
    """Say whether a newer call for the same thing, as the same sort of card, waits for the same chat.

    What stands in a card's key before a colon is its sort.
    """
    sort = row.card_key.partition(":")[0]
    newer = select(Outbox.id).where(
        Outbox.chat_key == row.chat_key,
        or_(Outbox.card_key == sort, Outbox.card_key.startswith(f"{sort}:", autoescape=True)),
        Outbox.guard_id == row.guard_id,
        Outbox.kind == row.kind,
        Outbox.id > row.id,
        IS_WAITING,
    )
    return work.session.scalars(newer.limit(1)).first() is not None


def by_id(work: Work, outbox_id: int) -> Outbox:
    """Return a message as it stands now."""
    work.see_rows()
    return work.session.get_one(Outbox, outbox_id, populate_existing=True)


def known(work: Work, dedup_keys: Collection[str]) -> set[str]:
    """Return those of these keys under which something has been queued."""
    work.see_rows()
    return set(work.session.scalars(select(Outbox.dedup_key).where(Outbox.dedup_key.in_(dedup_keys))))


def expired(work: Work, *, limit: int = 50) -> Sequence[int]:
    """Return what has expired and is in nobody's hands, whether or not a node can speak there."""
    query = select(Outbox.id).where(_in_no_hands(work), Outbox.expires_at <= work.now)
    return work.session.scalars(query.order_by(Outbox.not_before, Outbox.id).limit(limit)).all()


def calls_waiting(work: Work, *, since: datetime, limit: int = 50) -> Sequence[Outbox]:
    """Return people's own calls that have waited since then, the oldest first."""
    query = select(Outbox).where(
        _in_no_hands(work), Outbox.kind == "alert", Outbox.chat_kind == "direct", Outbox.created_at <= since
    )
    return work.session.scalars(query.order_by(Outbox.not_before, Outbox.id).limit(limit)).all()


def in_no_hands(work: Work, outbox_id: int) -> Outbox | None:
    """Return a message, locked, if it still waits and no node has it in hand."""
    query = select(Outbox).where(Outbox.id == outbox_id, _in_no_hands(work))
    return work.session.scalars(query.with_for_update(skip_locked=True)).first()


def _in_no_hands(work: Work) -> ColumnElement[bool]:
    free = or_(Outbox.lease_until.is_(None), Outbox.lease_until <= database_time(work))
    return and_(IS_WAITING, Outbox.site_id == work.site_id, free)


def renew(work: Work, *, outbox_id: int, lease: str, seconds: float) -> bool:
    """Hold a message for `seconds` more; False if it is not ours any more."""
    until = database_time(work) + timedelta(seconds=seconds)
    return _RENEW.run(work, row=outbox_id, holder=lease, until=until) > 0


def finish(work: Work, *, outbox_id: int, lease: str, **values: Any) -> bool:
    """Write an outcome; False if the lease had been lost, or it has ended (a zombie changes nothing)."""
    new = {f"new_{name}": value for name, value in values.items()}
    return _outcome(tuple(values)).run(work, row=outbox_id, holder=lease, **new) > 0


@cache
def _outcome(names: tuple[str, ...]) -> Prepared:
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    held = Outbox.state == OutboxState.LEASED
    return Prepared(update(Outbox).where(*_OURS, held).values(**new, lease_until=None))


def delivered_card(work: Work, *, chat_key: str, card_key: str) -> str:
    """Return the platform's id of the newest delivered version of a card in a chat, or nothing."""
    found = (
        select(Outbox.provider_id)
        .where(
            Outbox.chat_key == chat_key,
            Outbox.card_key == card_key,
            Outbox.state == OutboxState.SENT,
            Outbox.provider_id != "",
        )
        .order_by(Outbox.id.desc())
        .limit(1)
    )
    return work.session.scalars(found).first() or ""


def bring_forward(work: Work) -> int:
    """Let what waits be due now: the clock by which it was to wait has been set back. Returns how many."""
    moved = work.session.execute(
        update(Outbox)
        .where(IS_WAITING, Outbox.state == OutboxState.PENDING, Outbox.not_before > work.now)
        .values(not_before=work.now),
        execution_options={"synchronize_session": False},
    )
    return int(moved.rowcount)  # type: ignore[attr-defined]
