"""Work orders and their operation tasks: statuses, moves, and the rules of quantity."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import CannotIssue, CannotReport, NothingToReport, OverReport
from domain.models.columns import Base, Exact, Moment, refers_to, status_of
from domain.models.moves import Moving, table

ZERO = Decimal(0)


class OrderStatus(StrEnum):
    """Life cycle of a work order (工单)."""

    DRAFT = "draft"
    RELEASED = "released"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    IN_REVIEW = "in_review"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    CHANGE_HOLD = "change_hold"


class OrderKind(StrEnum):
    """Why an order is made."""

    NORMAL = "normal"
    REWORK = "rework"
    TRIAL = "trial"
    DISASSEMBLY = "disassembly"


FINISHED_ORDER = (
    OrderStatus.IN_REVIEW,
    OrderStatus.COMPLETED,
    OrderStatus.CLOSED,
    OrderStatus.CANCELLED,
)
OPEN_ORDER = (OrderStatus.RELEASED, OrderStatus.READY, OrderStatus.RUNNING, OrderStatus.PAUSED)


class WorkOrder(Base, Moving):
    """What to make, how many, by when; route and BOM are frozen at release."""

    __tablename__ = "work_order"
    __table_args__ = (
        Index(
            "uq_work_order_code",
            "site_id",
            "code",
            unique=True,
            sqlite_where=text("void = 0"),
            postgresql_where=text("not void"),
        ),
        Index("ix_work_order_status", "site_id", "status"),
        Index("ix_work_order_parent", "parent_id"),
    )
    MOVES = table(
        {
            OrderStatus.DRAFT: (OrderStatus.RELEASED, OrderStatus.CANCELLED),
            OrderStatus.RELEASED: (OrderStatus.READY, OrderStatus.CANCELLED),
            OrderStatus.READY: (OrderStatus.RUNNING, OrderStatus.CHANGE_HOLD, OrderStatus.CANCELLED),
            OrderStatus.RUNNING: (
                OrderStatus.PAUSED,
                OrderStatus.IN_REVIEW,
                OrderStatus.CHANGE_HOLD,
                OrderStatus.CANCELLED,
            ),
            OrderStatus.PAUSED: (OrderStatus.RUNNING, OrderStatus.CHANGE_HOLD, OrderStatus.CANCELLED),
            OrderStatus.CHANGE_HOLD: (
                OrderStatus.READY,
                OrderStatus.RUNNING,
                OrderStatus.PAUSED,
                OrderStatus.CANCELLED,
            ),
            OrderStatus.IN_REVIEW: (OrderStatus.COMPLETED, OrderStatus.CANCELLED),
            OrderStatus.COMPLETED: (OrderStatus.CLOSED, OrderStatus.RUNNING),
            OrderStatus.CLOSED: (),
            OrderStatus.CANCELLED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(refers_to("site.id"))
    code: Mapped[str] = mapped_column(String(40))
    product_id: Mapped[int] = mapped_column(refers_to("material.id"))
    quantity: Mapped[Decimal] = mapped_column(Exact)
    unit: Mapped[str] = mapped_column(String(12))
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    priority: Mapped[int] = mapped_column(Integer, default=5)
    line: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[OrderStatus] = mapped_column(status_of(OrderStatus), default=OrderStatus.DRAFT)
    held_from: Mapped[OrderStatus | None] = mapped_column(status_of(OrderStatus))
    reason: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[OrderKind] = mapped_column(
        status_of(OrderKind), default=OrderKind.NORMAL, server_default=OrderKind.NORMAL.value
    )
    parent_id: Mapped[int | None] = mapped_column(refers_to("work_order.id"))
    rework_of: Mapped[int | None] = mapped_column(refers_to("work_order.id"))
    customer: Mapped[str] = mapped_column(String(80), default="", server_default="")
    customer_order: Mapped[str] = mapped_column(String(60), default="", server_default="")
    trace_material: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    trace_process: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    over_allowance: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    route_id: Mapped[int | None] = mapped_column(refers_to("route_version.id"))
    bom_id: Mapped[int | None] = mapped_column(refers_to("bom_version.id"))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)

    def take_reports(self) -> None:
        """Check that work may be reported now; raises CannotReport."""
        if self.status is not OrderStatus.RUNNING:
            raise CannotReport(thing=self.code, status=self.standing)

    def take_material(self) -> None:
        """Check that material may be issued to it now; raises CannotIssue."""
        if self.status not in OPEN_ORDER:
            raise CannotIssue(thing=self.code, status=self.standing)


class TaskStatus(StrEnum):
    """Life cycle of one operation of one order (工序任务)."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    MERGED = "merged"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


PASSED_OVER = (TaskStatus.MERGED, TaskStatus.SKIPPED, TaskStatus.CANCELLED)
"""Where a task stands no piece stops."""


class OperationTask(Base, Moving):
    """One operation of one order. Always: started = good + scrap + open rework + remaining.

    `outside` are pieces at the supplier who does the operation; `passed` those that were past its place
    already when an engineering change put it into the route of a running order.
    """

    __tablename__ = "operation_task"
    __table_args__ = (
        Index(
            "uq_operation_task_step",
            "order_id",
            "sequence",
            unique=True,
            sqlite_where=text("void = 0"),
            postgresql_where=text("not void"),
        ),
    )
    MOVES = table(
        {
            TaskStatus.WAITING: (
                TaskStatus.READY,
                TaskStatus.MERGED,
                TaskStatus.SKIPPED,
                TaskStatus.CANCELLED,
            ),
            TaskStatus.READY: (
                TaskStatus.RUNNING,
                TaskStatus.MERGED,
                TaskStatus.SKIPPED,
                TaskStatus.CANCELLED,
            ),
            TaskStatus.RUNNING: (TaskStatus.PAUSED, TaskStatus.DONE, TaskStatus.CANCELLED),
            TaskStatus.PAUSED: (TaskStatus.RUNNING, TaskStatus.CANCELLED),
            TaskStatus.DONE: (TaskStatus.RUNNING,),  # more has arrived: over-production
            TaskStatus.MERGED: (),
            TaskStatus.SKIPPED: (),
            TaskStatus.CANCELLED: (),
        }
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(refers_to("work_order.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    department: Mapped[str] = mapped_column(String(40))
    operation_id: Mapped[int | None] = mapped_column(refers_to("operation.id"))
    parallel: Mapped[int | None] = mapped_column(Integer)
    person_id: Mapped[int | None] = mapped_column(refers_to("person.id"))
    planned_finish_at: Mapped[datetime | None] = mapped_column(Moment)
    status: Mapped[TaskStatus] = mapped_column(status_of(TaskStatus), default=TaskStatus.WAITING)
    good: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    scrap: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    open_rework: Mapped[Decimal] = mapped_column(Exact, default=ZERO)
    outside: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    passed: Mapped[Decimal] = mapped_column(Exact, default=ZERO, server_default="0")
    first_report_at: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)

    @property
    def counts(self) -> bool:
        """Whether pieces stop here: not where it is merged into another, skipped or cancelled."""
        return self.status not in PASSED_OVER

    @property
    def used(self) -> Decimal:
        """Pieces of which something has been reported."""
        return self.good + self.scrap + self.open_rework

    def remaining(self, started: Decimal) -> Decimal:
        """Pieces that were started and are neither good, nor scrap, nor waiting for rework."""
        return max(started - self.used, ZERO)

    def waiting(self, arrived: Decimal) -> Decimal:
        """Pieces that something has to be done with here: fresh ones, and those for rework."""
        return self.remaining(arrived) + self.open_rework

    def report(
        self, *, order: str, arrived: Decimal, room: Decimal, good: Decimal, scrap: Decimal, rework: Decimal
    ) -> None:
        """Add pieces: fresh ones first, then those of open rework, then what may be made above (`room`).

        Raises NothingToReport, OverReport.
        """
        asked = good + scrap + rework
        if asked <= 0 or min(good, scrap, rework) < 0:
            raise NothingToReport(order=order, operation=self.name)
        fresh, extra = self.remaining(arrived), room - max(arrived, self.used)
        reworked = min(max(asked - fresh, ZERO), self.open_rework)
        if asked - fresh - reworked > extra or rework > fresh + extra:
            left = fresh + extra + (ZERO if rework > fresh + extra else self.open_rework)
            raise OverReport(
                order=order, operation=self.name, left=left, asked=asked, rework=self.open_rework
            )
        self.good += good
        self.scrap += scrap
        if rework != reworked:
            self.open_rework += rework - reworked

    def regrade(self, *, order: str, good: Decimal, scrap: Decimal, rework: Decimal) -> None:
        """Move pieces that were reported already, which add up to none: out of rework, or into it again.

        Raises OverReport where there are not so many.
        """
        if self.good + good < ZERO or self.open_rework + rework < ZERO or good + scrap + rework != ZERO:
            asked, left = abs(min(good, rework)), self.good if good < ZERO else self.open_rework
            raise OverReport(
                order=order, operation=self.name, left=left, asked=asked, rework=self.open_rework
            )
        self.good += good
        self.scrap += scrap
        self.open_rework += rework
