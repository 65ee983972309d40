"""改交期: an order becomes due at another time."""

from datetime import UTC

from commands.kit import Context, Due, OrderCode, Remark, command
from domain.actions import rescheduling
from notifier.card import Card
from notifier.text import _, moment


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
    at = moment(done["due"], zone)
    if done["was"] == done["due"]:
        return Card(title=_("{order} 的交期本来就是 {due}").format(order=order, due=at))
    was = moment(done["was"], zone) if done["was"] else _("没有")
    return Card(
        title=_("{order} 的交期改到 {due}").format(order=order, due=at),
        lines=(_("原来：{was}").format(was=was),),
        tone="good",
    )
