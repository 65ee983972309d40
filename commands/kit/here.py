"""What need not be asked, because the place where the speaker stands says it: the order, the operation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from commands.kit.context import Context
from commands.kit.dialogue import Ask, Understood, concluded
from domain.actions import passing
from domain.models.work_order import OrderStatus
from domain.queries import orders
from domain.queries.at_station import set_up_at
from domain.queries.orders import OrderView

WORKING: Final = (OrderStatus.RUNNING, OrderStatus.READY, OrderStatus.RELEASED)


def from_here(ctx: Context, meant: Understood) -> Understood:
    """Answer questions for which the speaker's place leaves one answer; of several it offers them.

    Nothing is taken for granted beside words that nobody understood.
    """
    while isinstance(meant, Ask) and not meant.unclear and (known := meant.spec.known.get(meant.slot.name)):
        words = known(ctx, meant.arguments)
        if len(words) != 1:
            return replace(meant, options=meant.options or tuple(words))
        meant = concluded(meant.spec, meant.phrasing, {**meant.arguments, meant.slot.name: words[0]})
    return meant


def operation_here(ctx: Context, got: Mapping[str, Any]) -> Sequence[str]:
    """Return the operations that are done where the speaker is signed on (of the order named)."""
    book = ctx.work.playbook
    here = [book.operation(code).name for code in passing.operations_here(ctx.work)]
    code = got.get("order")
    if not here or not code:
        return here
    return [task.name for task in orders.order(ctx.work, code=code).tasks if task.name in here]


def order_here(ctx: Context, got: Mapping[str, Any]) -> Sequence[str]:
    """Return the orders that have something left to do where the speaker is signed on.

    Where some are running or set up there (their reels are loaded) the others are not meant; nowhere signed
    on, none is. An order that has no line may be made on any.
    """
    here = operation_here(ctx, {})
    wanted = [got["operation"]] if got.get("operation") else here
    if not here:
        return ()
    waiting = [it for it in orders.open_orders(ctx.work) if it.status in WORKING and _has_left(it, wanted)]
    at_line = [it for it in waiting if it.line in ("", _line(ctx))] or waiting
    set_up = set_up_at(ctx.work, station=ctx.work.actor.station)
    begun = [it for it in at_line if it.status is OrderStatus.RUNNING or it.code in set_up]
    return [it.code for it in begun or at_line]


def _has_left(order: OrderView, operations: Sequence[str]) -> bool:
    return any(task.left or task.open_rework for task in order.tasks if task.name in operations)


def _line(ctx: Context) -> str:
    stations = ctx.work.playbook.stations
    return next((it.line for it in stations if it.code == ctx.work.actor.station), "")
