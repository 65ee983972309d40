"""变更冻结: an order stands still while its route or bill of material is changed."""

from commands.kit import Context, OrderCode, Reason, command
from domain.actions import change_hold as holding
from notifier.card import Button, Card
from notifier.text import _


@command(
    "变更冻结 <order> <reason>",
    permission="order.change",
    group="工程",
    examples=("变更冻结 WO-1001 加一道老化",),
)
def change_hold(ctx: Context, order: OrderCode, reason: Reason) -> Card:
    """工程变更时先冻结工单：冻结期间不能报工，可以加工序、改用量，解除以后接着做。"""
    done = holding.hold(ctx.work, order=order, reason=reason)
    return Card(
        title=_("{order} 变更冻结").format(**done),
        lines=(_("原因：{reason}").format(reason=reason),),
        buttons=(Button(text=_("解除变更"), say=f"解除变更 {order}"),),
        tone="warn",
    )
