"""恢复: a paused order goes on."""

from commands.kit import Context, OrderCode, command
from domain.actions import orders
from notifier.card import Card
from notifier.text import _


@command(
    "恢复 <order>",
    "恢复生产",
    "接着做",
    "继续做",
    "继续 <order>",
    permission="order.pause",
    examples=("恢复 WO-1001",),
)
def resume(ctx: Context, order: OrderCode) -> Card:
    """恢复暂停的工单。"""
    done = orders.resume(ctx.work, order=order)
    return Card(title=_("{order} 恢复生产").format(**done), tone="good")
