"""How a work order ends: reviewed, completed, closed, cancelled, or opened once more."""

from domain.actions import completeness, family, made
from domain.actions.orders import OrderMoved, record_move
from domain.errors import UnbookedScrap, UndecidedItems, UnfinishedOrder
from domain.models.flow import come_to, unfinished
from domain.models.work_order import OrderStatus, TaskStatus, WorkOrder
from domain.permits import require
from domain.queries import booking
from domain.queries.holds import refuse_held
from domain.store import orders, reserved
from domain.work import Work


def submit(work: Work, *, order: str) -> OrderMoved:
    """Hand an order whose pieces are all reported over for review; raises UnfinishedOrder, WrongState."""
    require(work, "work.report")
    found = orders.lock(work, code=order)
    found.move(OrderStatus.IN_REVIEW)
    _all_reported(work, found)
    return record_move(work, "order.submitted", found)


class Completed(OrderMoved):
    """A finished order; `lot` is what it made of itself for its parent, empty where nothing waits for it."""

    lot: str


def complete(work: Work, *, order: str) -> Completed:
    """Finish an order whose operations have nothing left; its review is this look at it.

    Raises UnbookedScrap, UnfinishedOrder, UndecidedItems, Held, WrongState. What its parent order waits for
    is a lot then.
    """
    require(work, "order.complete")
    found = orders.lock(work, code=order)
    if found.status is not OrderStatus.IN_REVIEW:
        found.move(OrderStatus.IN_REVIEW)
    _all_booked(work, found)
    _all_reported(work, found)
    _all_decided(work, found)
    refuse_held(work, kind="order", ref=found.id, code=found.code)
    found.move(OrderStatus.COMPLETED)
    found.completed_at = work.now
    lot = made.stock(work, found)
    about = [("lot", lot.id)] if lot else []
    made_lot = lot.code if lot else ""
    moved = record_move(work, "order.completed", found, about=about, lot=made_lot)
    completeness.open_gaps(work, found)
    return Completed(**moved, lot=made_lot)


def _all_reported(work: Work, order: WorkOrder) -> None:
    tasks = orders.tasks(work, order)
    for task in unfinished(order, tasks):
        left = task.waiting(come_to(order, tasks, task))
        raise UnfinishedOrder(order=order.code, operation=task.name, left=left)


def _all_decided(work: Work, order: WorkOrder) -> None:
    pending = orders.undecided_review(work, order_id=order.id)
    if pending:
        raise UndecidedItems(order=order.code, review=pending[0], count=pending[1])


def _all_booked(work: Work, order: WorkOrder) -> None:
    if it := booking.unbooked(work, order=order):
        raise UnbookedScrap(order=order.code, review=it.review, judged=it.judged, booked=it.booked)


def close(work: Work, *, order: str) -> OrderMoved:
    """Put a completed order into the archive; raises WrongState, TraceIncomplete."""
    require(work, "order.close")
    found = orders.lock(work, code=order)
    found.move(OrderStatus.CLOSED)
    completeness.refuse_close(work, found)
    return record_move(work, "order.closed", found)


def cancel(work: Work, *, order: str, reason: str) -> OrderMoved:
    """Give an order up: what was set aside for it is free again, what was asked for is not brought.

    Raises WrongState. What has been consumed stays consumed: nothing is unmade by this. A rework order gives
    back the pieces it has neither finished nor scrapped.
    """
    require(work, "order.cancel")
    found = orders.lock(work, code=order)
    found.move(OrderStatus.CANCELLED)
    found.reason, found.held_from = reason, None
    for task in orders.tasks(work, found):
        if task.may_move(TaskStatus.CANCELLED):
            task.move(TaskStatus.CANCELLED)
    family.give_back(work, found)
    freed = reserved.let_go(work, order_id=found.id)
    return record_move(work, "order.cancelled", found, reason=reason, freed=freed)


def reopen(work: Work, *, order: str, reason: str) -> OrderMoved:
    """Open a completed order once more; raises WrongState. What it made stays in stock."""
    require(work, "order.reopen")
    found = orders.lock(work, code=order)
    found.leave(OrderStatus.COMPLETED, to=OrderStatus.RUNNING)
    found.reason, found.completed_at = reason, None
    return record_move(work, "order.reopened", found, reason=reason)
