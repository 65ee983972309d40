"""返工单: good pieces of an order go through operations again."""

from commands.kit import Context, ExactQuantity, OperationName, OrderCode, command
from domain.actions import family
from notifier.card import Button, Card
from notifier.text import _, number


@command(
    "返工单 <order> <quantity> [<operation>]",
    "开返工单",
    permission="order.rework",
    examples=("返工单 WO-1001 20 焊接",),
)
def rework_order(
    ctx: Context, order: OrderCode, quantity: ExactQuantity, operation: OperationName = ""
) -> Card:
    """做好的件要返工：开一张返工单，从指定的工序重做；不领原材料，投进去的就是这些成品。"""
    done = family.open_rework(ctx.work, order=order, quantity=quantity, operation=operation)
    since = _("从 {operation} 做起").format(operation=operation) if operation else _("从第一道工序做起")
    return Card(
        title=_("返工单 {order} 已下达：{product} × {count} {unit}").format(
            order=done["order"], product=done["product"], count=number(done["quantity"]), unit=done["unit"]
        ),
        lines=(_("来自 {order}，{since}").format(order=order, since=since),),
        buttons=(Button(text=_("开工"), say=f"开工 {done['order']}", style="primary"),),
        tone="good",
    )
