"""Serial-numbered pieces: where each one stands, and what it has passed."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import WrongState
from domain.models.columns import Base, Exact, Json, Moment, refers_to, status_of
from domain.models.moves import Moving, table


class UnitStatus(StrEnum):
    """Life cycle of one piece (单件)."""

    QUEUED = "queued"
    IN_STATION = "in_station"
    DONE = "done"
    FAILED = "failed"
    REWORK = "rework"
    QUARANTINED = "quarantined"
    SCRAPPED = "scrapped"
    PACKED = "packed"
    SHIPPED = "shipped"
    RETURNED = "returned"


class Unit(Base, Moving):
    """One serial-numbered piece of an order; `sequence` is the operation it waits for or stands in.

    A piece that was failed out of several rework rounds counts them in `rounds`. `pieces` is what it counts
    for: a panel its boards, until it is divided (then 0: they count themselves). It passes the operations
    from `first_sequence` on itself; what was before was done without a number, or as part of its panel.
    `owes` are the operations that count it as open rework: it passes there once more, or is scrapped.
    `entered_at` is since when it stands in a station, None where it does not.
    """

    __tablename__ = "unit"
    __table_args__ = (
        Index(
            "uq_unit_code",
            "site_id",
            "code",
            unique=True,
            sqlite_where=text("void = 0"),
            postgresql_where=text("not void"),
        ),
        Index("ix_unit_order", "order_id", "status", "sequence"),
    )
    MOVES = table(
        {
            UnitStatus.QUEUED: (UnitStatus.IN_STATION,),
            UnitStatus.IN_STATION: (UnitStatus.QUEUED, UnitStatus.DONE, UnitStatus.FAILED),
            UnitStatus.FAILED: (UnitStatus.REWORK, UnitStatus.QUARANTINED, UnitStatus.SCRAPPED),
            UnitStatus.REWORK: (UnitStatus.QUEUED, UnitStatus.IN_STATION),
            UnitStatus.QUARANTINED: (UnitStatus.REWORK, UnitStatus.QUEUED, UnitStatus.SCRAPPED),
            UnitStatus.DONE: (UnitStatus.PACKED, UnitStatus.FAILED),
            UnitStatus.PACKED: (UnitStatus.SHIPPED, UnitStatus.DONE),
            UnitStatus.SHIPPED: (UnitStatus.RETURNED,),
            UnitStatus.RETURNED: (UnitStatus.REWORK, UnitStatus.SCRAPPED),
            UnitStatus.SCRAPPED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(60))
    product_id: Mapped[int] = mapped_column(refers_to("material.id"))
    order_id: Mapped[int] = mapped_column(refers_to("work_order.id"))
    status: Mapped[UnitStatus] = mapped_column(status_of(UnitStatus), default=UnitStatus.QUEUED)
    sequence: Mapped[int] = mapped_column(Integer)
    rounds: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    first_sequence: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    owes: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    pieces: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    is_panel: Mapped[bool] = mapped_column(default=False, server_default=false())
    entered_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)

    @property
    def waits(self) -> bool:
        """Whether it can enter an operation now."""
        return self.status in WAITING

    @property
    def is_in(self) -> bool:
        """Whether it has entered an operation and not left it."""
        return self.status is UnitStatus.IN_STATION

    def enter(self, *, sequence: int, at: datetime) -> None:
        """Come into an operation (进站), from before it; raises WrongState."""
        self.move(UnitStatus.IN_STATION)
        self.sequence, self.entered_at = sequence, at

    def go_back_to(self, *, sequence: int) -> None:
        """Wait for an earlier operation that a change has put in; raises WrongState."""
        if self.is_in:
            self.move(UnitStatus.QUEUED)
        self.sequence, self.entered_at = sequence, None

    def go_through(self, *, then: int | None) -> None:
        """Leave the operation it waits for or is in as good, for `then` (None: to the end). WrongState."""
        if not self.is_in:
            self.move(UnitStatus.IN_STATION)
        self.entered_at = None
        if then is None:
            self.move(UnitStatus.DONE)
            return
        self.move(UnitStatus.QUEUED)
        self.sequence = then

    def fail(self, *, reason: str) -> None:
        """Leave the operation it stands in, or the stock of finished ones, as bad; raises WrongState."""
        if self.waits:
            self.move(UnitStatus.IN_STATION)
        self.move(UnitStatus.FAILED)
        self.reason, self.entered_at = reason, None

    def send_back(self, *, to: int, reason: str) -> None:
        """Begin another round at an operation it has been through; raises WrongState."""
        self.move(UnitStatus.REWORK)
        self.sequence, self.reason = to, reason
        self.rounds += 1

    def owe(self, *, at: int) -> None:
        """Count as open rework at an operation from now on."""
        self.owes = [*self.owes, at]

    def settle(self, *, at: int) -> None:
        """Count as open rework at an operation no more."""
        self.owes = [it for it in self.owes if it != at]

    def put_into(self, *, thing: str) -> None:
        """Check that it may become a part of something, or be packed; raises WrongState."""
        if self.status is not UnitStatus.DONE:
            raise WrongState(thing=thing, status=self.standing, wanted="unit:done")


WAITING = (UnitStatus.QUEUED, UnitStatus.REWORK)
"""Where a piece stands before an operation."""


class StepResult(StrEnum):
    """How a piece left an operation."""

    PASSED = "pass"
    FAILED = "fail"
    SKIPPED = "skip"  # an approved skip; a make-up is a pass with `made_up`


class UnitStep(Base):
    """One piece went through one operation: when, where, by whom, how; once a round that stands.

    `entered_at` is when it came in, where the route asks for that: `at` less it is its cycle time.
    """

    __tablename__ = "unit_step"
    __table_args__ = (
        Index(
            "uq_unit_step_round",
            "unit_id",
            "sequence",
            "round",
            unique=True,
            sqlite_where=text("void = 0"),
            postgresql_where=text("not void"),
        ),
        Index("ix_unit_step_task", "task_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(refers_to("unit.id"))
    task_id: Mapped[int] = mapped_column(refers_to("operation_task.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    round: Mapped[int] = mapped_column(Integer, default=0)
    result: Mapped[StepResult] = mapped_column(status_of(StepResult))
    entered_at: Mapped[datetime | None] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(refers_to("person.id"))
    station: Mapped[str] = mapped_column(String(40), default="")
    equipment: Mapped[str] = mapped_column(String(40), default="")
    made_up: Mapped[bool] = mapped_column(default=False)
    void: Mapped[bool] = mapped_column(default=False)


class Measurement(Base):
    """A value entered at an operation, of a piece or (unit_id None) of the order's batch."""

    __tablename__ = "measurement"
    __table_args__ = (
        Index("ix_measurement_task", "task_id", "name"),
        Index("ix_measurement_unit", "unit_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    task_id: Mapped[int] = mapped_column(refers_to("operation_task.id"))
    unit_id: Mapped[int | None] = mapped_column(refers_to("unit.id"))
    name: Mapped[str] = mapped_column(String(80))
    value: Mapped[Decimal] = mapped_column(Exact)
    unit: Mapped[str] = mapped_column(String(12), default="")
    in_limits: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(refers_to("person.id"))
    void: Mapped[bool] = mapped_column(default=False)
