"""完工: an order whose operations have nothing left is finished."""

from commands.kit import Context, OrderCode, command, onward
from domain.actions import ending
from domain.queries import completeness, orders
from notifier.card import Card
from notifier.text import _, number


@command(
    "完工 <order>",
    "做完了",
    "完成了",
    "完单",
    permission="order.complete",
    confirm="完工以后不能再报工，确定吗？",
    examples=("完工 WO-1001",),
)
def complete(ctx: Context, order: OrderCode) -> Card:
    """工单完工：每道工序都报完了才行。"""
    done = ending.complete(ctx.work, order=order)
    lot, trace = done["lot"], completeness.of_order(ctx.work, code=order)
    now = orders.order(ctx.work, code=order)
    good = now.finished
    count = number(good) if good == done["quantity"] else f"{number(good)} / {number(done['quantity'])}"
    lines = [_("做好的在批次 {lot}，可以发给父单").format(lot=lot)] if lot else []
    if not trace.is_complete:
        gaps = len(trace.gaps) + trace.open_skips
        lines.append(_("追溯还缺 {gaps} 处，补齐了才能归档").format(gaps=gaps))
    return Card(
        title=_("{order} 已完工：{product} × {count} {unit}").format(**done, count=count),
        lines=tuple(lines),
        buttons=(*onward.order_buttons(ctx, now), *onward.packing(ctx, now)),
        tone="good",
    )
