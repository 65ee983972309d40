"""发料: from a released lot to an order."""

from commands.kit import Context, ExactQuantity, LotCode, OrderCode, command
from domain.actions import lots
from notifier.card import Card
from notifier.text import _, number


@command(
    "发料 <lot> <quantity> <order>",
    permission="lot.issue",
    group="物料",
    examples=("发料 LOT-0001 50 WO-1001",),
)
def issue(ctx: Context, lot: LotCode, quantity: ExactQuantity, order: OrderCode) -> Card:
    """把一批料发给工单；只发合格、没过期、在 BOM 里的料。"""
    done = lots.issue(ctx.work, lot=lot, quantity=quantity, order=order)
    return Card(
        title=_("{lot} 已发 {count} {unit} 给 {order}").format(
            lot=done["lot"], count=number(quantity), unit=done["unit"], order=done["order"]
        ),
        lines=(
            _("{material} 还有 {left} {unit}").format(
                material=done["material"], left=number(done["on_hand"]), unit=done["unit"]
            ),
        ),
        tone="good",
    )
