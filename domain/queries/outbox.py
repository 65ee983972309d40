"""What was said to whom, what still waits, and what did not arrive."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select

from domain.models.journal import IS_DEAD, IS_WAITING, Event, EventSubject, Outbox, OutboxState
from domain.queries.people import Reach
from domain.work import Work

A_DAY_OF_IDS: Final = 86_400_000 << 22
"""So far apart are ids made a day apart (`domain/ids.py`)."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the outbox stands: how many wait, since when the oldest does, how many died since some moment."""

    waiting: int
    oldest: datetime | None
    dead: int
    nobody: int  # of these reached nobody at all


@dataclass(frozen=True, kw_only=True)
class Unheard:
    """A message that ended without having been said by itself: dead, or a line of another one."""

    platform: str
    chat_id: str
    chat_kind: str
    title: str
    created_at: datetime
    reason: str
    merged: bool


@dataclass(frozen=True, kw_only=True)
class SaidCard:
    """One version of a card that was said, or is about to be, or of which only a change came to nothing.

    `standing`: it is on the screen, or on its way there; `text_only`: as words, which nobody can change;
    `reason`: how it ended.
    """

    platform: str
    chat_id: str
    chat_kind: str
    chat_key: str
    card_key: str
    card: dict[str, Any]
    standing: bool
    text_only: bool
    reason: str


_SAID: Final = (OutboxState.PENDING, OutboxState.LEASED, OutboxState.SENT)
_CAME_TO_NOTHING: Final = and_(Outbox.kind == "change", Outbox.state == OutboxState.SUPERSEDED)


def said_about(work: Work, *, subject: tuple[str, int], card_keys: Collection[str]) -> Sequence[SaidCard]:
    """Return, oldest first, the cards whose keys begin so and which tell of this thing or answer about it.

    Changes that came to nothing are among the versions of a card that is there.
    """
    work.see_rows()
    events = select(Event.id, Event.message).join(EventSubject, EventSubject.event_id == Event.id)
    found = work.session.execute(
        events.where(EventSubject.kind == subject[0], EventSubject.ref == subject[1])
    ).all()
    answers = {f"reply:{message}" for _id, message in found if message}
    query = (
        select(Outbox)
        .where(or_(Outbox.event_id.in_([event for event, _message in found]), Outbox.dedup_key.in_(answers)))
        .where(or_(*(Outbox.card_key.startswith(it, autoescape=True) for it in card_keys)))
        .where(or_(Outbox.state.in_(_SAID), _CAME_TO_NOTHING))
    )
    rows = work.session.scalars(query.order_by(Outbox.id)).all()
    there = {(row.chat_key, row.card_key) for row in rows if row.state in _SAID}
    return [_said(row) for row in rows if (row.chat_key, row.card_key) in there]


def _said(row: Outbox) -> SaidCard:
    return SaidCard(
        platform=row.platform,
        chat_id=row.chat_id,
        chat_kind=row.chat_kind,
        chat_key=row.chat_key,
        card_key=row.card_key,
        card=row.card,
        standing=row.state in {OutboxState.LEASED, OutboxState.SENT},
        text_only=row.state is OutboxState.SENT and not row.provider_id,
        reason=row.reason,
    )


def told_of(work: Work, *, event_id: int) -> Sequence[Reach]:
    """Return the chats that were told of an event; a card that only changed in place told nobody."""
    work.see_rows()
    query = select(Outbox.platform, Outbox.chat_id, Outbox.chat_kind)
    query = query.where(Outbox.event_id == event_id, Outbox.kind != "change")
    return [
        Reach(platform=platform, chat_id=chat_id, kind=kind)
        for platform, chat_id, kind in work.session.execute(query)
    ]


@dataclass(frozen=True, kw_only=True)
class Call:
    """An andon that somebody was called for, and the generation at which they were."""

    andon_id: int
    generation: int


def merged_calls(work: Work, *, outbox_id: int, chat_key: str) -> Sequence[Call]:
    """Return the calls that this message of this chat says together."""
    work.see_rows()
    query = select(Outbox.guard_id, Outbox.guard_generation).where(
        Outbox.chat_key == chat_key,
        Outbox.reason == f"merged into {outbox_id}",
        Outbox.kind == "alert",
        Outbox.guard_id.is_not(None),
    )
    return [Call(andon_id=it[0] or 0, generation=it[1] or 0) for it in work.session.execute(query.distinct())]


def standing(work: Work, *, since: datetime) -> Standing:
    """Return how the outbox stands; the dead since that moment (for health)."""
    waits = select(func.count(), func.min(Outbox.created_at)).where(IS_WAITING)
    waiting, oldest = work.session.execute(waits).one()
    nobody = func.count().filter(Outbox.reason.endswith("-> nobody", autoescape=True))
    dead = select(func.count(), nobody).where(IS_DEAD, Outbox.ended_at >= since)
    died, alone = work.session.execute(dead).one()
    return Standing(waiting=waiting, oldest=oldest, dead=died, nobody=alone)


def said_lately(work: Work, *, by: Collection[str] | None = None) -> Sequence[tuple[str, str, float]]:
    """Return what all nodes, or these, have said within the hour: platform, chat, seconds ago.

    Ids are ordered by time, so only the last day's messages are looked at.
    """
    newest = work.session.execute(select(func.max(Outbox.id))).scalar() or 0
    hour_ago = work.now - timedelta(hours=1)
    query = select(Outbox.platform, Outbox.chat_key, Outbox.ended_at).where(
        Outbox.id > newest - A_DAY_OF_IDS, Outbox.state == OutboxState.SENT, Outbox.ended_at > hour_ago
    )
    if by is not None:
        query = query.where(Outbox.lease.in_(by))
    return [
        (platform, chat_key, max(0.0, (work.now - at).total_seconds()))
        for platform, chat_key, at in work.session.execute(query)
        if at
    ]


def undelivered(work: Work, *, since: datetime, until: datetime, chats: Collection[str] | None = None) -> int:
    """Count messages that died in this time, in these chats (None: in any); a telling is not one more."""
    query = select(func.count()).where(IS_DEAD, Outbox.ended_at >= since, Outbox.ended_at < until)
    query = query.where(~Outbox.dedup_key.startswith("instead:", autoescape=True))
    if chats is not None:
        query = query.where(Outbox.chat_key.in_(chats))
    return int(work.session.execute(query).scalar_one())


def unheard_in(work: Work, *, chat_key: str, since: datetime, limit: int) -> Sequence[Unheard]:
    """Return what was not said by itself in one chat since then, the newest first."""
    query = _unheard(since=since).where(Outbox.chat_key == chat_key)
    return _views(work, query, limit=limit)


def dead(work: Work, *, since: datetime, limit: int) -> Sequence[Unheard]:
    """Return what died anywhere in the plant since then, the newest first."""
    query = select(Outbox).where(IS_DEAD, Outbox.ended_at >= since)
    return _views(work, query, limit=limit)


def _unheard(*, since: datetime) -> Select[Outbox]:
    merged = Outbox.reason.startswith("merged into", autoescape=True)
    return select(Outbox).where(Outbox.created_at >= since, or_(IS_DEAD, merged))


def _views(work: Work, query: Select[Outbox], *, limit: int) -> Sequence[Unheard]:
    rows = work.session.scalars(query.order_by(Outbox.id.desc()).limit(limit))
    return [
        Unheard(
            platform=row.platform,
            chat_id=row.chat_id,
            chat_kind=row.chat_kind,
            title=str(row.card.get("title", "")),
            created_at=row.created_at,
            reason=row.reason,
            merged=row.reason.startswith("merged into"),
        )
        for row in rows
    ]
