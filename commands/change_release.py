"""解除变更: an order goes on from where the change-hold met it."""

from commands.kit import Context, OrderCode, command
from domain.actions import change_hold
from notifier import names
from notifier.card import Card
from notifier.text import _


@command(
    "解除变更 <order>",
    "解除变更冻结",
    permission="order.change",
    group="工程",
    examples=("解除变更 WO-1001",),
)
def change_release(ctx: Context, order: OrderCode) -> Card:
    """变更做完了，工单回到冻结以前的状态。"""
    done = change_hold.let_go(ctx.work, order=order)
    state = names.status("order", done["status"])
    return Card(
        title=_("{order} 解除变更冻结，{state}").format(order=done["order"], state=state), tone="good"
    )
