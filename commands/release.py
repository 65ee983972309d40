"""下达: a draft becomes an order that work can begin on."""

from commands.kit import Context, OrderCode, command
from domain.actions import release as releasing
from notifier.card import Button, Card
from notifier.text import _, number


@command(
    "下达 <order>",
    "下达工单",
    "可以做了",
    "可以开始了",
    permission="order.release",
    examples=("下达 WO-1002",),
)
def release(ctx: Context, order: OrderCode) -> Card:
    """下达工单：工艺路线和 BOM 从此冻结。"""
    done = releasing.release(ctx.work, order=order)
    return Card(
        title=_("{order} 已下达：{product} × {count} {unit}").format(**done, count=number(done["quantity"])),
        buttons=(Button(text=_("开工"), say=f"开工 {order}", style="primary"),),
        tone="good",
    )
