"""Parcels: outbox rows made ready to send, and what an outcome does to them; all of it jobs of the office."""

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from domain.models.journal import Outbox, OutboxState
from domain.queries.people import platform_ids
from domain.store import andons, outbox
from domain.store.turns import ANSWER, GIVES_WAY, SOON
from domain.work import Work
from notifier import merging, quota, undelivered
from notifier.card import Card
from notifier.delivery import ChatKind, Delivered, Outcome, Outgoing, Refused, Retry, Unknown
from notifier.post import CHANGE, LEASE_SECONDS, Parcel, slot_from_json

BACK_OFF: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)
DOUBT: Final = "outcome unknown"
"""How the reason of a message begins whose attempt left and was not answered.

Where no key protects, it is repeated once, marked 重发; the second doubt ends it (promise R4).
What a dead node had in its hands is marked 重发 too, but is no doubt: it may not have left at all.
"""
A_LONG_WAIT: Final = timedelta(minutes=5)
log = structlog.get_logger()


def claim(
    work: Work, *, lease: str, limit: int, busy_chats: Collection[str], reach: Collection[str]
) -> Sequence[Parcel]:
    """Lease what is due and make parcels of it; what is expired or superseded ends here, with its reason."""
    turns = outbox.claim(
        work, lease=lease, seconds=LEASE_SECONDS, limit=limit, busy_chats=busy_chats, reach=reach
    )
    parcels = [_next(work, row, behind, lease=lease) for row, behind in turns]
    return [parcel for parcel in parcels if parcel is not None]


def _next(work: Work, row: Outbox, behind: Sequence[Outbox], *, lease: str) -> Parcel | None:
    """Return what is said in a chat now: one message, or ordinary ones that have piled up, as one."""
    if _ended(work, row):
        return None
    if merging.piled_up(row, behind):
        heap = [row, *(it for it in behind if merging.ordinary(it) and not _ended(work, it))]
        if parcel := merging.merged(work, heap, lease=lease):
            return parcel
    return _readable(work, row, lease=lease)


def _readable(work: Work, row: Outbox, *, lease: str) -> Parcel | None:
    """Make a parcel of a row; one that cannot be read ends here, the others go on."""
    try:
        return _parcel(work, row, lease=lease)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        log.exception("outbox.unreadable", id=row.id, chat=row.chat_key)
        _bury(work, row, f"unreadable: {type(error).__name__}")
        return None


def _overtaken(work: Work, row: Outbox) -> bool:
    """Whether a call has waited so long (an outage) that a newer one of the same andon waits behind it."""
    if row.kind != "alert" or row.guard_id is None or row.created_at > work.now - A_LONG_WAIT:
        return False
    return outbox.newer_waits(work, row)


def _ended(work: Work, row: Outbox) -> bool:
    if row.guard_id is not None and andons.generation(work, row.guard_id) != row.guard_generation:
        _end(row, OutboxState.SUPERSEDED, "state moved on", at=work.now)
    elif row.expires_at <= work.now:
        _bury(work, row, undelivered.EXPIRED)
    elif _overtaken(work, row):
        _end(row, OutboxState.SUPERSEDED, "newer call waits", at=work.now)
    elif row.kind == CHANGE and not _stands_in(work, row):
        _end(row, OutboxState.SUPERSEDED, "its card never came", at=work.now)
    else:
        return False
    return True


def _stands_in(work: Work, row: Outbox) -> str:
    """Return the platform's id of the card that a message takes the place of, or nothing."""
    return outbox.delivered_card(work, chat_key=row.chat_key, card_key=row.card_key) if row.card_key else ""


def _bury(work: Work, row: Outbox, reason: str) -> None:
    """End what will not be delivered, and tell the next one who should know, in this transaction."""
    _end(row, _unsaid(row.kind), reason, at=work.now)
    if row.state is OutboxState.DEAD:
        undelivered.tell(work, row)


def _unsaid(kind: str) -> OutboxState:
    """Return how ends what is never said: a card that only stays as it was is no message that nobody got."""
    return OutboxState.SUPERSEDED if kind == CHANGE else OutboxState.DEAD


def _end(row: Outbox, state: OutboxState, reason: str, *, at: datetime) -> None:
    row.state, row.reason, row.ended_at, row.lease_until = state, reason, at, None


def _parcel(work: Work, row: Outbox, *, lease: str) -> Parcel:
    card = Card.from_json(row.card)
    kind: ChatKind = "group" if row.chat_kind == "group" else "direct"
    out = Outgoing(
        id=row.id,
        key=row.dedup_key,
        chat_id=row.chat_id,
        chat_kind=kind,
        card=card,
        mentions=platform_ids(work, card.mentions, platform=row.platform),
        repeat=row.unknowns,
        slot=slot_from_json(row.slot),
        replaces=_stands_in(work, row),
        urgent=row.urgent,
        in_place=row.kind == CHANGE,
        known_at=row.provider_id,  # of a message that waits: where it may be known already
    )
    return Parcel(
        out=out,
        platform=row.platform,
        chat_key=row.chat_key,
        lease=lease,
        attempts=row.attempts,
        expires_at=row.expires_at,
        kind=row.kind,
        doubted=row.reason.startswith(DOUBT),
        held=merging.has_waited(row),
    )


def settle(work: Work, parcel: Parcel, outcome: Outcome) -> bool:
    """Write down what happened to a parcel; False if the lease had been lost meanwhile."""
    effect = _effect(work, parcel, _weighed(work, parcel, outcome))
    kept = outbox.finish(work, outbox_id=parcel.out.id, lease=parcel.lease, **effect)
    if kept and effect["state"] is OutboxState.DEAD:
        undelivered.tell(work, outbox.by_id(work, parcel.out.id))
    return kept


def _weighed(work: Work, parcel: Parcel, outcome: Outcome) -> Outcome:
    """Where the month is used up, what is urgent and what was asked for goes another way at once."""
    if not isinstance(outcome, Retry) or not outcome.exhausted:
        return outcome
    quota.refused(work, platform=parcel.platform, reason=outcome.reason)
    waits = parcel.kind in merging.ORDINARY and not parcel.out.urgent
    return outcome if waits else Refused(reason=outcome.reason)


def _effect(work: Work, parcel: Parcel, outcome: Outcome) -> dict[str, Any]:
    attempts = parcel.attempts + 1
    match outcome:
        case Delivered(provider_id=provider_id, note=note):
            return {
                "state": OutboxState.SENT,
                "attempts": attempts,
                "provider_id": provider_id,
                "reason": f"delivered, but: {note}" if note else "delivered",
                "ended_at": work.now,
            }
        case Refused(reason=reason):
            return _over(work, parcel, reason)
        case Retry(reason=reason, after=after):
            return _again(work, attempts=attempts, reason=_still_doubted(parcel, reason), after=after)
        case Unknown(reason=reason, keyed=True, door=door):
            again = _again(work, attempts=attempts, reason=_still_doubted(parcel, reason), after=None)
            return {**again, "provider_id": door or parcel.out.known_at}
        case Unknown(reason=reason) if not parcel.doubted:
            again = _again(work, attempts=attempts, reason=f"{DOUBT}: {reason}", after=None)
            return {**again, "unknowns": parcel.out.repeat + 1}
        case Unknown(reason=reason):
            return _over(work, parcel, f"{DOUBT} again, not repeated any more: {reason}")


def _over(work: Work, parcel: Parcel, reason: str) -> dict[str, Any]:
    return {
        "state": _unsaid(parcel.kind),
        "attempts": parcel.attempts + 1,
        "reason": reason,
        "ended_at": work.now,
    }


def _still_doubted(parcel: Parcel, reason: str) -> str:
    return f"{DOUBT}, then: {reason}" if parcel.doubted else reason


def _again(work: Work, *, attempts: int, reason: str, after: float | None) -> dict[str, Any]:
    wait = after if after is not None else random.uniform(0.5, 1.0) * back_off(attempts)  # noqa: S311 (jitter)
    return {
        "state": OutboxState.PENDING,
        "attempts": attempts,
        "reason": reason,
        "not_before": work.now + timedelta(seconds=wait),
    }


def back_off(attempts: int) -> float:
    """Return the longest wait in seconds before the next attempt."""
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1]


def renew(work: Work, parcel: Parcel) -> bool:
    """Keep a parcel that has waited in this node's hands; False if the lease was lost: it must not go."""
    return outbox.renew(work, outbox_id=parcel.out.id, lease=parcel.lease, seconds=LEASE_SECONDS)


def give_back(work: Work, parcel: Parcel) -> bool:
    """Put back an answer whose turn it is not: an older one of its chat has to be tried again."""
    return outbox.finish(
        work, outbox_id=parcel.out.id, lease=parcel.lease, state=OutboxState.PENDING, reason="not its turn"
    )


def holds_up(parcel: Parcel, outcome: Outcome) -> bool:
    """Say whether the younger answers of its chat must wait for a parcel, because it will be tried again."""
    if parcel.kind != ANSWER or isinstance(outcome, Delivered | Refused):
        return False
    wait = outcome.after if isinstance(outcome, Retry) else None
    return parcel.attempts + 1 < GIVES_WAY and (wait or 0.0) <= SOON.total_seconds()


def postpone(work: Work, parcel: Parcel, *, seconds: float, reason: str) -> bool:
    """Put a parcel back without counting an attempt: its destination's budget is spent."""
    return outbox.finish(
        work,
        outbox_id=parcel.out.id,
        lease=parcel.lease,
        state=OutboxState.PENDING,
        reason=_still_doubted(parcel, reason),
        not_before=work.now + timedelta(seconds=seconds),
    )


def expired(work: Work) -> Sequence[int]:
    """Return messages that have expired although no node could even try them."""
    return outbox.expired(work)


def bury_expired(work: Work, outbox_id: int) -> bool:
    """End one of them; False if it has been sent or ended meanwhile."""
    row = outbox.in_no_hands(work, outbox_id)
    if row is None or row.expires_at > work.now:
        return False
    return _ended(work, row)


def waiting_calls(work: Work) -> Sequence[int]:
    """Return people's own calls that have waited long and have another door that was not tried."""
    rows = outbox.calls_waiting(work, since=work.now - A_LONG_WAIT)
    return [row.id for row in rows if undelivered.other_platform(work, row)]


def go_round(work: Work, outbox_id: int) -> bool:
    """Say one of them by that door too; the call itself goes on waiting."""
    row = outbox.in_no_hands(work, outbox_id)
    return row is not None and undelivered.also(work, row)
