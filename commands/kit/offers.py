"""What is offered as buttons when an argument is missing: what is open now."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.kit.context import Context
from domain.models.andon import AndonStatus
from domain.queries import andons, lots, orders


def open_orders(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return codes of orders that are released and not finished."""
    return [order.code for order in orders.open_orders(ctx.work, limit=6)]


def operations(ctx: Context, got: Mapping[str, Any]) -> Sequence[str]:
    """Return the operations of the order that was named, those with something left first."""
    code = got.get("order")
    if not code:
        return ctx.vocabulary.names("operation")
    tasks = sorted(orders.order(ctx.work, code=code).tasks, key=lambda task: not task.left)
    return [task.name for task in tasks]


def live_andons(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return codes of andons that are not closed."""
    return [it.code for it in andons.live(ctx.work, limit=6)]


def untaken(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return codes of andons that nobody has taken."""
    return andons.waiting_for(ctx.work, AndonStatus.OPEN, AndonStatus.REOPENED)


def unmended(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return codes of andons that somebody works on."""
    return andons.waiting_for(ctx.work, AndonStatus.ACKNOWLEDGED, AndonStatus.CONTAINED)


def unconfirmed(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return codes of andons that are mended and not confirmed."""
    return andons.waiting_for(ctx.work, AndonStatus.RESOLVED)


def nothing(_ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return nothing: what is asked for is new to the house."""
    return ()


def uninspected(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return lots that wait for inspection."""
    return lots.waiting_inspection(ctx.work, limit=6)


def in_stock(ctx: Context, got: Mapping[str, Any]) -> Sequence[str]:
    """Return lots that may be issued (to the order that was named), the one that expires first in front."""
    return lots.issuable(ctx.work, order=str(got.get("order", "")), limit=6)


OFFERS = {"order": open_orders, "operation": operations, "andon": live_andons, "lot": in_stock}
