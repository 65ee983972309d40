"""反完工: a completed order is opened once more."""

from commands.kit import Context, OrderCode, Reason, command
from domain.actions import ending
from notifier.card import Card
from notifier.text import _


@command(
    "反完工 <order> <reason>",
    "重开工单",
    permission="order.reopen",
    confirm="反完工以后工单回到生产中，确定吗？",
    examples=("反完工 WO-1001 少报了一箱",),
)
def reopen(ctx: Context, order: OrderCode, reason: Reason) -> Card:
    """把已经完工、还没有归档的工单重新打开，要说原因。"""
    done = ending.reopen(ctx.work, order=order, reason=reason)
    return Card(
        title=_("{order} 已重新打开，回到生产中").format(**done),
        lines=(_("原因：{reason}").format(reason=reason),),
        tone="warn",
    )
