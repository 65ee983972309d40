"""Work orders and their operation tasks: statuses, moves, and the rules of quantity."""

from collections.abc import Sequence
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


class OperationTask(Base, Moving):
    """One operation of one order. Always: started = good + scrap + open rework + remaining."""

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
            TaskStatus.DONE: (),
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
    first_report_at: Mapped[datetime | None] = mapped_column(Moment)
    void: Mapped[bool] = mapped_column(default=False)

    def remaining(self, started: Decimal) -> Decimal:
        """Pieces that arrived (`started`) and are neither good, nor scrap, nor waiting for rework."""
        return started - self.good - self.scrap - self.open_rework

    def report(self, *, order: str, started: Decimal, good: Decimal, scrap: Decimal, rework: Decimal) -> None:
        """Add pieces; good and scrap beyond the fresh ones come out of open rework; raises OverReport."""
        if good + scrap + rework <= 0 or min(good, scrap, rework) < 0:
            raise NothingToReport(order=order, operation=self.name)
        fresh = self.remaining(started)
        reworked = max(good + scrap + rework - fresh, ZERO)
        left = fresh + self.open_rework
        if reworked > self.open_rework or (rework > fresh and rework > ZERO):
            raise OverReport(
                order=order,
                operation=self.name,
                left=fresh if rework > fresh else left,
                asked=good + scrap + rework,
                rework=self.open_rework,
            )
        self.good += good
        self.scrap += scrap
        self.open_rework += rework - reworked


def started(order: WorkOrder, tasks: Sequence[OperationTask], task: OperationTask) -> Decimal:
    """Return the pieces that arrived at a task: the order's at the first, else its predecessor's good."""
    before = [earlier for earlier in tasks if earlier.sequence < task.sequence]
    return before[-1].good if before else order.quantity


def refresh_gates(order: WorkOrder, tasks: Sequence[OperationTask]) -> None:
    """Open what has pieces to work on, and finish what has none left; gates open by quantity.

    The tasks come in sequence: what is good at one has arrived at the next.
    """
    done_so_far, arrived = True, order.quantity
    for task in tasks:
        if task.status is TaskStatus.WAITING and arrived > ZERO:
            task.move(TaskStatus.READY)
        if task.status is TaskStatus.READY and task.good + task.scrap + task.open_rework > ZERO:
            task.move(TaskStatus.RUNNING)
        done_so_far = done_so_far and task.remaining(arrived) == ZERO and task.open_rework == ZERO
        if done_so_far and task.status is TaskStatus.RUNNING:
            task.move(TaskStatus.DONE)
        arrived = task.good


def overdrawn(order: WorkOrder, tasks: Sequence[OperationTask]) -> OperationTask | None:
    """Return the first task that has used more pieces than arrived; None when the quantities hold."""
    return next((task for task in tasks if task.remaining(started(order, tasks, task)) < ZERO), None)
