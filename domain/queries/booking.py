"""What reviews have decided to scrap of an order by quantity, and what its operations count as scrap."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from domain.models.nonconformance import Disposition, NonConformance, NonConformanceItem
from domain.models.work_order import OPEN_ORDER, OrderStatus, WorkOrder
from domain.queries import contents
from domain.store import families, orders
from domain.work import Work

ZERO: Final = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Unbooked:
    """More was judged scrap (`review` is the newest) than is counted; of an `operation`, or of the order."""

    order: str
    review: str
    operation: str
    judged: Decimal
    booked: Decimal

    @property
    def left(self) -> Decimal:
        """What is still to be booked."""
        return self.judged - self.booked


def unbooked(work: Work, *, order: WorkOrder) -> Unbooked | None:
    """Return where more was judged scrap than is counted, of one operation or of the order; None if nowhere.

    What was scrapped in a rework order is counted there; what a customer sent back had been made good.
    """
    found = (it for it in _compared(work, order) if it.left > ZERO)
    return next(found, None)


def of_order(work: Work, *, code: str) -> Unbooked | None:
    """Return the same of an order by its code, where it is not finished."""
    found = orders.find(work, code=code)
    running = found is not None and found.status in (*OPEN_ORDER, OrderStatus.IN_REVIEW)
    return unbooked(work, order=found) if found is not None and running else None


def _compared(work: Work, order: WorkOrder) -> Iterator[Unbooked]:
    judged = _judged(work, order)
    if not judged:
        return
    _packed, elsewhere = contents.packed_of(work, order_id=order.id)
    elsewhere += sum((_scrap(work, it) for it in families.reworks(work, order)), ZERO)
    for task in orders.tasks(work, order):
        if task.id in judged:
            number, quantity = judged[task.id]
            yield _told(order, task.name, number, judged=quantity, booked=task.scrap + elsewhere)
    newest = max(number for number, _quantity in judged.values())
    whole = sum((quantity for _number, quantity in judged.values()), ZERO)
    yield _told(order, "", newest, judged=whole, booked=_scrap(work, order) + elsewhere)


def _judged(work: Work, order: WorkOrder) -> dict[int | None, tuple[int, Decimal]]:
    """Return by operation (None: none was said) the newest review, and how many pieces are to be scrapped."""
    query = (
        select(NonConformance.task_id, func.max(NonConformance.number), func.sum(NonConformanceItem.quantity))
        .join(NonConformanceItem, NonConformanceItem.nonconformance_id == NonConformance.id)
        .where(NonConformance.order_id == order.id, ~NonConformance.void, ~NonConformanceItem.void)
        .where(NonConformanceItem.disposition == Disposition.SCRAP, NonConformanceItem.unit_id.is_(None))
        .group_by(NonConformance.task_id)
    )
    work.session.flush()
    return {task: (number, quantity) for task, number, quantity in work.session.execute(query)}


def _scrap(work: Work, order: WorkOrder) -> Decimal:
    return sum((task.scrap for task in orders.tasks(work, order)), ZERO)


def _told(order: WorkOrder, operation: str, number: int, *, judged: Decimal, booked: Decimal) -> Unbooked:
    return Unbooked(
        order=order.code, review=f"NCR-{number}", operation=operation, judged=judged, booked=booked
    )
