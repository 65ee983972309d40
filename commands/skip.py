"""跳过: an operation of one order is left out."""

from commands.kit import Context, OperationName, OrderCode, Reason, command
from domain.actions import skipping
from notifier.card import Card
from notifier.text import _


@command(
    "跳过 <order> <operation> <reason>",
    "跳过工序",
    permission="work.skip",
    examples=("跳过 WO-1001 测试 客户免检",),
)
def skip(ctx: Context, order: OrderCode, operation: OperationName, reason: Reason) -> Card:
    """这张工单不做这道工序；路线上写明可选的直接跳过，别的要另一个人批准。"""
    done = skipping.skip(ctx.work, order=order, operation=operation, reason=reason)
    if done["done"]:
        title = _("{order} {operation} 已跳过").format(**done)
    else:
        title = _("{order} 要跳过 {operation}，等批准").format(**done)
    lines = [_("原因：{reason}").format(reason=reason)]
    lines += [_("审批：{approval}").format(**done)] if done["approval"] else []
    return Card(title=title, lines=tuple(lines), tone="good" if done["done"] else "warn")
