"""取消领料: the floor can do without."""

from commands.kit import Context, Reason, RequisitionCode, command
from domain.actions import requisitions
from notifier.card import Card
from notifier.text import _


@command(
    "取消领料 <requisition> [<reason>]",
    "不领了",
    "不要了 <requisition>",
    permission="material.request",
    group="物料",
    examples=("取消领料 LL-3",),
)
def cancel_request(ctx: Context, requisition: RequisitionCode, reason: Reason = "") -> Card:
    """取消一张领料单：给它留的料放开。"""
    done = requisitions.cancel(ctx.work, number=requisition, reason=reason)
    return Card(title=_("{requisition} 已取消").format(**done), tone="good")
