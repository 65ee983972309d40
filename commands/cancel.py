"""取消工单: an order is given up, and whoever had prepared for it hears it."""

from commands.kit import Context, OrderCode, Reason, command
from domain.actions import ending
from domain.queries import families, orders
from notifier.card import Card
from notifier.text import _, listed


@command(
    "取消工单 <order> <reason>",
    "撤单",
    "不做了",
    permission="order.cancel",
    confirm="取消以后这张工单不能再做，确定吗？",
    examples=("取消工单 WO-1002 客户取消订单",),
)
def cancel(ctx: Context, order: OrderCode, reason: Reason) -> Card:
    """取消还没有完工的工单，要说原因；留给它的料放开，为它做了准备的人都会收到通知。"""
    done = ending.cancel(ctx.work, order=order, reason=reason)
    lines = [_("原因：{reason}").format(reason=reason)]
    below = families.family(ctx.work, order_id=orders.order(ctx.work, code=order).id).open_below
    lines += [_("它的子单还开着：{orders}").format(orders=listed(below))] if below else []
    return Card(title=_("{order} 已取消").format(**done), lines=tuple(lines), tone="warn")
