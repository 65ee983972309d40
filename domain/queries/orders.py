"""Where orders stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.flow import arrivals, finished
from domain.models.material import Material
from domain.models.work_order import (
    OPEN_ORDER,
    OperationTask,
    OrderKind,
    OrderStatus,
    TaskStatus,
    WorkOrder,
)
from domain.store import orders
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """One operation: what is done, what is left, what is with its supplier; `counts` where pieces stop."""

    name: str
    department: str
    status: TaskStatus
    counts: bool
    good: Decimal
    scrap: Decimal
    open_rework: Decimal
    outside: Decimal
    left: Decimal


@dataclass(frozen=True, kw_only=True)
class OrderView:
    """One order with its operations in sequence."""

    id: int
    code: str
    product: str
    product_name: str
    quantity: Decimal
    unit: str
    kind: OrderKind
    status: OrderStatus
    reason: str
    line: str
    due_at: datetime | None
    finished: Decimal
    tasks: tuple[TaskView, ...]

    @property
    def at(self) -> TaskView | None:
        """The first operation that has something left, if any."""
        return next((it for it in self.tasks if it.counts and (it.left or it.open_rework)), None)


def order(work: Work, *, code: str) -> OrderView:
    """Return an order; raises NotFound."""
    found = orders.find(work, code=code)
    if found is None:
        raise NotFound(kind="order", code_text=code)
    return _view(work, found)


def open_orders(work: Work, *, limit: int = 30) -> Sequence[OrderView]:
    """Return orders that are released and not finished, the most urgent first; not due comes last."""
    query = (
        select(WorkOrder)
        .where(WorkOrder.site_id == work.site_id, WorkOrder.status.in_(OPEN_ORDER), ~WorkOrder.void)
        .order_by(WorkOrder.priority, WorkOrder.due_at.is_(None), WorkOrder.due_at, WorkOrder.code)
        .limit(limit)
    )
    return [_view(work, found) for found in work.session.scalars(query)]


def order_codes(work: Work, *, short: str, limit: int = 5) -> Sequence[str]:
    """Return order codes that end in a short number people typed."""
    query = select(WorkOrder.code).where(
        WorkOrder.site_id == work.site_id, WorkOrder.code.endswith(short), ~WorkOrder.void
    )
    return work.session.scalars(query.limit(limit)).all()


def _view(work: Work, found: WorkOrder) -> OrderView:
    tasks = orders.tasks(work, found)
    product, here = work.session.get_one(Material, found.product_id), arrivals(found, tasks)
    return OrderView(
        id=found.id,
        code=found.code,
        product=product.code,
        product_name=product.name,
        quantity=found.quantity,
        unit=found.unit,
        kind=found.kind,
        status=found.status,
        reason=found.reason,
        line=found.line,
        due_at=found.due_at,
        finished=finished(found, tasks),
        tasks=tuple(_task(task, here[task.sequence]) for task in tasks),
    )


def _task(task: OperationTask, arrived: Decimal) -> TaskView:
    return TaskView(
        name=task.name,
        department=task.department,
        status=task.status,
        counts=task.counts,
        good=task.good,
        scrap=task.scrap,
        open_rework=task.open_rework,
        outside=task.outside,
        left=task.remaining(arrived) if task.counts else Decimal(0),
    )
