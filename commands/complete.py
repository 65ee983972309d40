"""完工: an order whose operations have nothing left is finished."""

from commands.kit import Context, OrderCode, command
from domain.actions import ending
from notifier.card import Card
from notifier.text import _, number


@command(
    "完工 <order>",
    permission="order.complete",
    confirm="完工以后不能再报工，确定吗？",
    examples=("完工 WO-1001",),
)
def complete(ctx: Context, order: OrderCode) -> Card:
    """工单完工：每道工序都报完了才行。"""
    done = ending.complete(ctx.work, order=order)
    lot = done["lot"]
    return Card(
        title=_("{order} 已完工：{product} × {count} {unit}").format(**done, count=number(done["quantity"])),
        lines=(_("做好的在批次 {lot}，可以发给父单").format(lot=lot),) if lot else (),
        tone="good",
    )
