"""开工: a released order starts running."""

from commands.kit import Context, OrderCode, command
from domain.actions import orders
from notifier.card import Card
from notifier.text import _


@command("开工 <order>", "开始 <order>", permission="order.start", examples=("开工 WO-1001",))
def start(ctx: Context, order: OrderCode) -> Card:
    """工单开工。不说也行：第一次报工就算开工。"""
    done = orders.start(ctx.work, order=order)
    return Card(title=_("{order} 已开工").format(**done), tone="good")
