"""改交期: an order becomes due at another time."""

from collections.abc import Iterator
from datetime import UTC
from typing import Final

from commands.kit import Context, Due, OrderCode, Remark, command
from domain.actions import rescheduling
from domain.actions.rescheduling import Rescheduled
from domain.queries import families, orders
from notifier.card import Card
from notifier.text import _, listed, moment

SHOWN: Final = 6


@command(
    "改交期 <order> <due> [<reason>]",
    "交期改到",
    "交期改成",
    "交期改为",
    "交期改",
    "交期定到",
    "交期定在",
    "交期推到",
    "交期推迟到",
    "交期延到",
    "交期延后到",
    "交期提前到",
    "延期到",
    "推迟到",
    "提前到",
    permission="order.schedule",
    examples=("WO-1001 交期改到 12月3日", "改交期 WO-1001 周五 17:00 客户要求"),
)
def reschedule(ctx: Context, order: OrderCode, due: Due, reason: Remark = "") -> Card:
    """改一张工单的交期，只说日子就是那天结束；为它做了准备的人都会收到通知。"""
    done = rescheduling.reschedule(ctx.work, order=order, due_at=due.astimezone(UTC), reason=reason)
    zone = ctx.work.playbook.zone
    at, kin = moment(done["due"], zone), tuple(_out_of_step(ctx, done))
    if done["was"] == done["due"]:
        return Card(title=_("{order} 的交期本来就是 {due}").format(order=order, due=at), lines=kin)
    was = moment(done["was"], zone) if done["was"] else _("没有")
    return Card(
        title=_("{order} 的交期改到 {due}").format(order=order, due=at),
        lines=(_("原来：{was}").format(was=was), *kin),
        tone="good",
    )


def _out_of_step(ctx: Context, done: Rescheduled) -> Iterator[str]:
    """Name the orders below it that are due later, and the one above it that is due sooner: those stay."""
    zone = ctx.work.playbook.zone
    found = orders.order(ctx.work, code=done["order"])
    kin = families.family(ctx.work, order_id=found.id)
    above = orders.order(ctx.work, code=kin.parent) if kin.parent else None
    if later := kin.due_after(done["due"]):
        each = listed(f"{it.code} {moment(it.due_at, zone)}" for it in later[:SHOWN] if it.due_at)
        more = _(" 等") if len(later) > SHOWN else ""
        yield _("⚠️ 下面的工单比它晚，没有跟着改：{orders}").format(orders=each + more)
    if above and above.due_at and above.due_at < done["due"]:
        yield _("⚠️ 父单 {order} {due} 就要，比它早").format(order=above.code, due=moment(above.due_at, zone))
