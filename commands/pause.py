"""暂停: a running order stops for a reason."""

from commands.kit import Context, OrderCode, Reason, command
from domain.actions import orders
from notifier.card import Button, Card
from notifier.text import _


@command(
    "暂停 <order> <reason>",
    "停一下",
    "先停",
    "先停一下",
    permission="order.pause",
    examples=("暂停 WO-1001 等料",),
)
def pause(ctx: Context, order: OrderCode, reason: Reason) -> Card:
    """暂停工单，要说原因；为它做了准备的人都会收到通知。"""
    done = orders.pause(ctx.work, order=order, reason=reason)
    return Card(
        title=_("{order} 已暂停").format(**done),
        lines=(_("原因：{reason}").format(reason=reason),),
        buttons=(Button(text=_("恢复"), say=f"恢复 {order}"),),
        tone="warn",
    )
