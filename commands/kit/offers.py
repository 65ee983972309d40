"""What is offered as buttons when an argument is missing: what is open now."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.kit.context import Context
from domain.models.andon import AndonStatus
from domain.models.nonconformance import NonConformanceStatus
from domain.queries import andons, approvals, clocks, lots, orders, reviews


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


def calling_mine(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return codes of andons that call the speaker's department and that nobody has taken."""
    department = ctx.person.department if ctx.person else ""
    live = andons.live(ctx.work, department=department) if department else ()
    return [it.code for it in live if it.status in (AndonStatus.OPEN, AndonStatus.REOPENED)]


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


def my_stations(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return the stations of the plant, those of the speaker's line in front."""
    book = ctx.work.playbook
    rule = book.people_by_number.get(ctx.work.actor.job_number)
    mine = ctx.chat.line or (rule.line if rule else "")
    return [it.code for it in sorted(book.stations, key=lambda it: it.line != mine)]


def to_approve(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return what waits for an approval that is not the speaker's own."""
    return [it.code for it in approvals.pending(ctx.work, besides=ctx.work.actor.person_id, limit=6)]


def unjudged(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return reviews with something to decide."""
    return reviews.standing(ctx.work, NonConformanceStatus.OPEN, NonConformanceStatus.INVESTIGATING)


def judged(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return reviews of which everything is decided."""
    return reviews.standing(ctx.work, NonConformanceStatus.DISPOSITIONED)


def running_clocks(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return what a clock runs on."""
    return clocks.things(ctx.work, over=False)


def clocks_over(ctx: Context, _got: Mapping[str, Any]) -> Sequence[str]:
    """Return what a clock runs on, or whose time is over."""
    return clocks.things(ctx.work, over=True)


OFFERS = {
    "order": open_orders,
    "operation": operations,
    "andon": live_andons,
    "lot": in_stock,
    "call": calling_mine,
}
