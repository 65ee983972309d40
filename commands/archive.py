"""归档: a completed order is put away; its trace stays."""

from commands.kit import Context, OrderCode, command
from domain.actions import ending
from notifier.card import Card
from notifier.text import _


@command(
    "归档 <order>",
    "关闭工单",
    permission="order.close",
    confirm="归档以后不能再打开，确定吗？",
    examples=("归档 WO-1001",),
)
def archive(ctx: Context, order: OrderCode) -> Card:
    """把完工的工单归档：约定要记的追溯数据齐了才行，归档以后照样能追溯。"""
    done = ending.close(ctx.work, order=order)
    return Card(title=_("{order} 已归档").format(**done), tone="good")
