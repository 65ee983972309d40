"""就绪: a released order may begin."""

from commands.kit import Context, OrderCode, command
from domain.actions import orders
from notifier.card import Button, Card
from notifier.text import _


@command("就绪 <order>", "工单就绪", permission="order.start", examples=("就绪 WO-1001",))
def ready(ctx: Context, order: OrderCode) -> Card:
    """料、设备、首件都准备好了，工单可以开工；不说也行，第一次报工时自动就绪。"""
    done = orders.make_ready(ctx.work, order=order)
    return Card(
        title=_("{order} 已就绪").format(**done),
        buttons=(Button(text=_("开工"), say=f"开工 {order}", style="primary"),),
        tone="good",
    )
