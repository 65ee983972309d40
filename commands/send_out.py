"""外发: pieces go to the supplier who does an operation."""

from commands.kit import Context, ExactQuantity, OperationName, OrderCode, command
from domain.actions import outsourcing
from notifier.card import Card
from notifier.text import _, number


@command(
    "外发 <order> <operation> <quantity>",
    "外协发出",
    permission="work.report",
    examples=("外发 WO-1001 焊接 100",),
)
def send_out(ctx: Context, order: OrderCode, operation: OperationName, quantity: ExactQuantity) -> Card:
    """外协的工序，把件发给供应商；回来时用「外协收回」。"""
    done = outsourcing.send(ctx.work, order=order, operation=operation, quantity=quantity)
    return Card(
        title=_("{order} {operation}：外发 {count} {unit} 给 {supplier}").format(
            order=done["order"],
            operation=done["operation"],
            count=number(done["quantity"]),
            unit=done["unit"],
            supplier=done["supplier"],
        ),
        lines=(_("还在外面：{count} {unit}").format(count=number(done["outside"]), unit=done["unit"]),),
        tone="good",
    )
