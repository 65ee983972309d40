"""完工: an order whose operations have nothing left is finished."""

from commands.kit import Context, OrderCode, command, onward, plain
from domain.actions import ending
from domain.queries import booking, completeness, orders
from domain.queries.booking import Unbooked
from notifier.card import Button, Card
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
    if lacking := booking.of_order(ctx.work, code=order):
        return _book_first(lacking)
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


def _book_first(lacking: Unbooked) -> Card:
    """Say what was judged scrap and is not counted yet, with the report that counts it."""
    report = f"报工 {lacking.order} {lacking.operation}".strip()
    judged, booked = number(lacking.judged), number(lacking.booked)
    return Card(
        title=_("{order} 还不能完工：{review} 判的报废还没有入账").format(
            order=lacking.order, review=lacking.review
        ),
        lines=(
            _("{operation} 一共判了报废 {judged} 件，入账的废品 {booked} 件")
            .format(operation=lacking.operation, judged=judged, booked=booked)
            .strip(),
            _("多报成良品的先撤；其实不报废，请重开评审再判"),
        ),
        buttons=(Button(text=_("报废入账"), say=f"{report} 0良 {plain(lacking.left)}废"),),
        tone="warn",
    )
