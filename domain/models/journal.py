"""What was heard, what happened, what is to be said: inbox, events, outbox, lanes, dialogues, claims."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.models.columns import Base, Json, Moment, status_of

MACHINERY = frozenset(
    {
        "inbox",
        "chat",
        "chat_lane",
        "event",
        "event_subject",
        "outbox",
        "dialogue",
        "job_fire",
        "lease",
        "setting",
        "usage",
    }
)
"""Tables of hearing, speaking and keeping order; all other rows are state and change only under an event."""


class InboxState(StrEnum):
    """Where a heard message stands."""

    PENDING = "pending"
    DONE = "done"
    ASIDE = "aside"  # crashed its handler three times; its author was told


class Inbox(Base):
    """Exactly what was said, by whom, where; unique per platform, tenant and message id.

    The row is also the *act*: events point to it, and `answer_no` is the number that 撤 takes. `guard` is
    that of the pressed button: one that may have its effect once finds its earlier press by it.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "tenant", "message_id"),
        Index(
            "ix_inbox_pending",
            "chat_key",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_inbox_answer", "chat_key", "answer_no"),
        Index(
            "ix_inbox_guard",
            "chat_key",
            "guard",
            sqlite_where=text("guard is not null"),
            postgresql_where=text("guard is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    platform: Mapped[str] = mapped_column(String(20))
    tenant: Mapped[str] = mapped_column(String(120))
    message_id: Mapped[str] = mapped_column(String(300))
    chat_key: Mapped[str] = mapped_column(String(300))
    state: Mapped[InboxState] = mapped_column(status_of(InboxState), default=InboxState.PENDING)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    guard: Mapped[str | None] = mapped_column(String(120))
    received_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    answer_no: Mapped[int | None] = mapped_column(Integer)
    incident: Mapped[str | None] = mapped_column(String(40))
    done_at: Mapped[datetime | None] = mapped_column(Moment)


IS_PENDING: Final = text("inbox.state = 'pending'")
"""Written out: SQLite uses a partial index only where its condition stands in the query itself."""


class ChatLane(Base):
    """One row a chat: who may handle its messages now (holder, lease, fence), and its last answer number."""

    __tablename__ = "chat_lane"
    __table_args__ = (
        Index(
            "ix_chat_lane_leased",
            "holder",
            sqlite_where=text("lease_until is not null"),
            postgresql_where=text("lease_until is not null"),
        ),
    )

    chat_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    fence: Mapped[int] = mapped_column(BigInteger, default=0)
    holder: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    answer_no: Mapped[int] = mapped_column(Integer, default=0)


class Event(Base):
    """Append-only: never changed, void when a later event has `void_of` = its id.

    `sequence` is drawn by PostgreSQL as the row is inserted, when what the act changed is locked: of two
    events on one thing the later has the higher, whatever the clocks of their nodes say. One node alone
    (SQLite) has none and needs none: its ids only grow.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_message", "message"), Index("ix_event_type", "site_id", "type", "id"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    department: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(80))
    message: Mapped[int | None] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    void_of: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    sequence: Mapped[int | None] = mapped_column(BigInteger)


EVENT_ORDER: Final = func.coalesce(Event.sequence, Event.id)
"""The order in which events on one thing happened; sequences begin above every id."""


class EventSubject(Base):
    """Which rows an event touched or is about: histories and 'what stands on it' are read from here."""

    __tablename__ = "event_subject"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    ref: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    changed: Mapped[bool] = mapped_column(default=True)


class OutboxState(StrEnum):
    """How a message on its way out ends: sent, superseded or dead, each with a reason."""

    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    SUPERSEDED = "superseded"
    DEAD = "dead"


class Outbox(Base):
    """Everything that is said, to one chat; the dispatcher is the only way out."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "not_before",
            "id",
            sqlite_where=text("state in ('pending', 'leased')"),
            postgresql_where=text("state in ('pending', 'leased')"),
        ),
        Index(
            "ix_outbox_answers",
            "chat_key",
            "id",
            sqlite_where=text("state in ('pending', 'leased') and kind = 'reply'"),
            postgresql_where=text("state in ('pending', 'leased') and kind = 'reply'"),
        ),
        Index("ix_outbox_card", "chat_key", "card_key"),
        Index("ix_outbox_event", "event_id"),
        Index(
            "ix_outbox_dead",
            "ended_at",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(BigInteger)
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    chat_key: Mapped[str] = mapped_column(String(300))
    platform: Mapped[str] = mapped_column(String(20))
    chat_id: Mapped[str] = mapped_column(String(250))
    chat_kind: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))  # reply, alert, digest, notice
    urgent: Mapped[bool] = mapped_column(default=False)
    card: Mapped[dict[str, Any]] = mapped_column(Json)
    card_key: Mapped[str] = mapped_column(String(120), default="")
    slot: Mapped[dict[str, Any] | None] = mapped_column(Json)
    guard_id: Mapped[int | None] = mapped_column(BigInteger)
    guard_generation: Mapped[int | None] = mapped_column(Integer)
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Moment)
    not_before: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[OutboxState] = mapped_column(status_of(OutboxState), default=OutboxState.PENDING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    unknowns: Mapped[int] = mapped_column(Integer, default=0)
    lease: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    provider_id: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


IS_WAITING: Final = text("outbox.state in ('pending', 'leased')")
"""Written out, as `IS_PENDING`: otherwise every look at the outbox reads all of it."""

IS_DEAD: Final = text("outbox.state = 'dead'")


class Dialogue(Base):
    """What the bot is waiting to hear from a person in a chat, until it expires.

    `card` is what it was asked with, where that can be pressed: key, title, lines.
    """

    __tablename__ = "dialogue"

    chat_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    sender: Mapped[str] = mapped_column(String(200), primary_key=True)
    pending: Mapped[dict[str, Any]] = mapped_column(Json)
    card: Mapped[dict[str, Any] | None] = mapped_column(Json)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class JobFire(Base):
    """A scheduled job's claimed slot: (job, local slot) fires once, over all nodes and restarts."""

    __tablename__ = "job_fire"

    job: Mapped[str] = mapped_column(String(120), primary_key=True)
    slot: Mapped[str] = mapped_column(String(40), primary_key=True)
    fired_at: Mapped[datetime] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(String(40), default="fired")


class Lease(Base):
    """Something of which there may be one: its holder, until when, and a fence that grows at each change."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(Moment)
    fence: Mapped[int] = mapped_column(BigInteger, default=0)


class Setting(Base):
    """One small fact of this database: a demo clock's offset, counters, the loaded master version."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(Json)
