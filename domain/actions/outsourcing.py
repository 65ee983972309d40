"""外协: pieces that go out to the supplier of an operation, and come back counted."""

from decimal import Decimal
from typing import TypedDict

from domain.actions.orders import begin
from domain.actions.production import Counting, Reported, book, refuse_turn, task_named
from domain.errors import DoneHere, NothingToReport, NotOutside, OverReport
from domain.models.flow import come_to
from domain.models.work_order import OperationTask, OrderStatus, WorkOrder
from domain.permits import require
from domain.store import orders, routes
from domain.work import Work

ZERO = Decimal(0)


class SentOut(TypedDict):
    """What went to the supplier, and what is there now."""

    order: str
    operation: str
    supplier: str
    quantity: Decimal
    outside: Decimal
    unit: str


def send(work: Work, *, order: str, operation: str, quantity: Decimal) -> SentOut:
    """Send pieces to the supplier who does the operation.

    Raises NotFound, CannotReport, DoneHere, NothingToReport, OverReport (more than are there).
    """
    require(work, "work.report")
    found, tasks, task, supplier = _outsourced(work, order, operation)
    if found.status in (OrderStatus.RELEASED, OrderStatus.READY):
        begin(work, found)
    found.take_reports()
    refuse_turn(work, found, task)
    there = task.waiting(come_to(found, tasks, task)) - task.outside
    if quantity <= ZERO:
        raise NothingToReport(order=found.code, operation=task.name)
    if quantity > there:
        raise OverReport(
            order=found.code, operation=task.name, left=there, asked=quantity, rework=task.open_rework
        )
    task.outside += quantity
    sent = SentOut(
        order=found.code,
        operation=task.name,
        supplier=supplier,
        quantity=quantity,
        outside=task.outside,
        unit=found.unit,
    )
    about = [("work_order", found.id), ("operation_task", task.id)]
    work.record("work.sent_out", data={**sent, "line": found.line}, about=about)
    return sent


def take_back(
    work: Work, *, order: str, operation: str, good: Decimal, scrap: Decimal = ZERO, rework: Decimal = ZERO
) -> Reported:
    """Count what came back from the supplier as reported; raises NotOutside for more than are there."""
    require(work, "work.report")
    found, tasks, task, supplier = _outsourced(work, order, operation)
    back = good + scrap + rework
    if back > task.outside:
        raise NotOutside(
            order=found.code, operation=task.name, supplier=supplier, there=task.outside, asked=back
        )
    task.outside -= back
    of = Counting(found, tasks, task)
    return book(work, of, good=good, scrap=scrap, rework=rework, reasons={}, supplier=supplier)


def _outsourced(
    work: Work, order: str, operation: str
) -> tuple[WorkOrder, list[OperationTask], OperationTask, str]:
    found = orders.lock(work, code=order)
    tasks = list(orders.tasks(work, found))
    task = task_named(found, tasks, operation)
    supplier = routes.demands(work, task).outsourced_to
    if not supplier:
        raise DoneHere(order=found.code, operation=task.name)
    return found, tasks, task, supplier
