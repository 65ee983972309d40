"""今天还差什么: open orders and what stands in their way."""

from commands.kit import Context, command
from domain.queries import andons, orders
from notifier import names
from notifier.card import Card
from notifier.text import _, number


@command(
    "今天还差什么",
    "还差什么",
    "还差多少",
    "没做完的单",
    "哪些单没做完",
    "还有哪些单没做完",
    "还有哪些单",
    "哪些单要晚",
    "卡在哪",
    "有哪些异常",
    "哪些异常没关",
    "没关的异常",
    reads=True,
    permission="order.view",
    examples=("今天还差什么",),
)
def remaining(ctx: Context) -> Card:
    """没做完的工单各停在哪里，还有哪些异常没关。"""
    lines = []
    for order in orders.open_orders(ctx.work, limit=12):
        at = order.at
        where = (
            _("{operation} 剩 {left}").format(operation=at.name, left=number(at.left + at.open_rework))
            if at
            else _("都报完了，等完工")
        )
        lines.append(
            _("{order} {product}：{done} / {all}，{where}").format(
                order=order.code,
                product=order.product_name,
                done=number(order.finished),
                all=number(order.quantity),
                where=where,
            )
        )
    lines += [
        " ".join(filter(None, (it.code, it.kind, names.status("andon", it.status), it.text)))
        for it in andons.live(ctx.work, limit=8)
    ]
    return Card(
        title=_("今天还差这些") if lines else _("没有没做完的工单，也没有没关的异常。"), lines=tuple(lines)
    )
