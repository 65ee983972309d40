"""Who works where with what: sign-ons, hand-overs, slots with what is loaded in them, running timers."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import SlotLocked, SlotNotLocked
from domain.models.columns import Base, Exact, Json, Moment, refers_to, status_of
from domain.models.moves import Moving, table


class SignOn(Base):
    """A person at a station, with its equipment and the operation done there, until they sign off (下岗)."""

    __tablename__ = "sign_on"
    __table_args__ = (
        Index(
            "uq_sign_on_person",
            "site_id",
            "person_id",
            unique=True,
            sqlite_where=text("until is null and void = 0"),
            postgresql_where=text("until is null and not void"),
        ),
        Index("ix_sign_on_station", "site_id", "station", "since"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    person_id: Mapped[int] = mapped_column(refers_to("person.id"))
    line: Mapped[str] = mapped_column(String(40), default="")
    station: Mapped[str] = mapped_column(String(40))
    equipment: Mapped[str] = mapped_column(String(40), default="")
    operation: Mapped[str] = mapped_column(String(40), default="")
    order_id: Mapped[int | None] = mapped_column(refers_to("work_order.id"))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)


class HandoverStatus(StrEnum):
    """Where a hand-over of a shift stands."""

    DRAFTED = "drafted"
    TAKEN = "taken"


class Handover(Base, Moving):
    """What one shift leaves to the next: drafted by the bot, added to by people, taken with 接."""

    __tablename__ = "handover"
    __table_args__ = (Index("ix_handover_department", "site_id", "department", "drafted_at"),)
    MOVES = table({HandoverStatus.DRAFTED: (HandoverStatus.TAKEN,), HandoverStatus.TAKEN: ()})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    number: Mapped[int] = mapped_column(Integer)
    department: Mapped[str] = mapped_column(String(40))
    line: Mapped[str] = mapped_column(String(40), default="")
    shift: Mapped[str] = mapped_column(String(40), default="")
    lines: Mapped[list[Any]] = mapped_column(Json, default=list)
    given_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    taken_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    status: Mapped[HandoverStatus] = mapped_column(status_of(HandoverStatus), default=HandoverStatus.DRAFTED)
    void: Mapped[bool] = mapped_column(default=False)

    @property
    def code(self) -> str:
        """How people call it."""
        return f"JB-{self.number}"


WRONG_SCANS = 3
ZERO = Decimal(0)


class Slot(Base):
    """A numbered place for a reel at a station (站位): wrong scans in a row, and whether they locked it."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("site_id", "station", "code"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    station: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    wrong: Mapped[int] = mapped_column(Integer, default=0)
    locked: Mapped[bool] = mapped_column(default=False)
    locked_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    void: Mapped[bool] = mapped_column(default=False)

    @property
    def place(self) -> str:
        """How people call it: station and slot."""
        return f"{self.station}/{self.code}"

    def refuse_locked(self, *, who: str) -> None:
        """Refuse any load while it is locked; raises SlotLocked with who may unlock it."""
        if self.locked:
            raise SlotLocked(station=self.station, slot=self.code, who=who)

    def mistake(self, *, by: int | None) -> None:
        """Count a wrong scan; three in a row lock the slot."""
        self.wrong += 1
        if self.wrong >= WRONG_SCANS:
            self.locked, self.locked_by = True, by

    def unlock(self) -> None:
        """Open it again; raises SlotNotLocked."""
        if not self.locked:
            raise SlotNotLocked(slot=self.place)
        self.locked, self.wrong, self.locked_by = False, 0, None


class Loading(Base):
    """A lot in a slot for an order, from – to; what is reported meanwhile is consumed from it.

    When it is taken out, `left` is what was said to be still on it (None: nobody said). What had been made by
    then is reported later: the next report takes from it first, and then it is `settled`. `short` is what was
    reported when it had run out: the next reel in its slot gives it.
    """

    __tablename__ = "loading"
    __table_args__ = (
        Index(
            "uq_loading_slot",
            "slot_id",
            unique=True,
            sqlite_where=text("until is null and void = 0"),
            postgresql_where=text("until is null and not void"),
        ),
        Index("ix_loading_order", "order_id"),
        Index("ix_loading_lot", "lot_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    slot_id: Mapped[int] = mapped_column(refers_to("slot.id"))
    order_id: Mapped[int] = mapped_column(refers_to("work_order.id"))
    bom_line_id: Mapped[int] = mapped_column(refers_to("bom_line.id"))
    lot_id: Mapped[int] = mapped_column(refers_to("lot.id"))
    loaded_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    left: Mapped[Decimal | None] = mapped_column(Exact)
    settled: Mapped[bool] = mapped_column(default=False, server_default=false())
    short: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    reason: Mapped[str] = mapped_column(String(200), default="")
    void: Mapped[bool] = mapped_column(default=False)


class TimerStatus(StrEnum):
    """Life cycle of a timer of paste, floor life, bake, wash or wait."""

    ACTIVE = "active"
    WARNED = "warned"
    EXPIRED = "expired"
    DONE = "done"
    WAIVED = "waived"


class Timer(Base, Moving):
    """A clock on something (a lot, a unit, an order): it has until `due_at`, or must wait until then.

    Which of both, and how long, is the playbook's rule. `due_at` never changes; what ended before has
    `ended_at`.
    """

    __tablename__ = "timer"
    __table_args__ = (
        Index("ix_timer_due", "status", "due_at"),
        Index("ix_timer_subject", "kind", "ref"),
    )
    MOVES = table(
        {
            TimerStatus.ACTIVE: (
                TimerStatus.WARNED,
                TimerStatus.EXPIRED,
                TimerStatus.DONE,
                TimerStatus.WAIVED,
            ),
            TimerStatus.WARNED: (TimerStatus.EXPIRED, TimerStatus.DONE, TimerStatus.WAIVED),
            TimerStatus.EXPIRED: (TimerStatus.WAIVED,),
            TimerStatus.DONE: (),
            TimerStatus.WAIVED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    rule: Mapped[str] = mapped_column(String(40))  # code of the playbook's timer
    kind: Mapped[str] = mapped_column(String(12))  # lot, unit or order
    ref: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(60))  # of the lot or unit, for sentences
    started_at: Mapped[datetime] = mapped_column(Moment)
    warn_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    started_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    ended_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[TimerStatus] = mapped_column(status_of(TimerStatus), default=TimerStatus.ACTIVE)
    void: Mapped[bool] = mapped_column(default=False)
