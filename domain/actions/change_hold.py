"""变更冻结: an order stands still while an engineering change opens its route or bill of material."""

from domain.actions.orders import OrderMoved, record_move
from domain.errors import WrongState
from domain.models.work_order import OrderStatus
from domain.permits import require
from domain.store import orders
from domain.work import Work


def hold(work: Work, *, order: str, reason: str) -> OrderMoved:
    """Stop an order for an engineering change; it remembers where it came from. Raises WrongState."""
    require(work, "order.change")
    found = orders.lock(work, code=order)
    if found.status is OrderStatus.RELEASED:
        found.move(OrderStatus.READY)  # what nobody has begun on may change as well
    came_from = found.status
    found.move(OrderStatus.CHANGE_HOLD)
    found.held_from, found.reason = came_from, reason
    return record_move(work, "order.change_held", found, reason=reason)


def let_go(work: Work, *, order: str) -> OrderMoved:
    """Put an order back to where it stood before the change; raises WrongState."""
    require(work, "order.change")
    found = orders.lock(work, code=order)
    back = found.held_from
    if found.status is not OrderStatus.CHANGE_HOLD or back is None:
        raise WrongState(
            thing=found.code, status=found.standing, wanted=f"work_order:{OrderStatus.RUNNING.value}"
        )
    found.move(back)
    found.held_from, found.reason = None, ""
    return record_move(work, "order.change_released", found)
