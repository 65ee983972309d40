"""退料: what an order has not used comes back."""

from commands.kit import Context, LotCode, Measure, OrderCode, PlaceCode, command
from commands.kit.units import in_unit
from domain.actions import lot_moves
from domain.queries.lots import lot as known
from notifier.card import Card
from notifier.text import _, number


@command(
    "退料 <lot> <quantity> <order> [到] [<place>]",
    "退库",
    permission="lot.return",
    group="物料",
    examples=("退料 LOT-0001 20 WO-1001",),
)
def bring_back(
    ctx: Context, lot: LotCode, quantity: Measure, order: OrderCode, place: PlaceCode = ""
) -> Card:
    """工单没用完的料退回来：先退线边没上的，再退发过去的；追溯里也减掉。"""
    found = known(ctx.work, code=lot)
    count = in_unit(quantity, unit=found.unit, of=found.material)
    done = lot_moves.bring_back(ctx.work, lot=lot, quantity=count, order=order, place=place)
    return Card(
        title=_("{lot} 从 {order} 退回 {count} {unit}").format(
            lot=done["lot"], order=order, count=number(count), unit=done["unit"]
        ),
        lines=(
            _("{material} 还有 {left} {unit}").format(
                material=done["material"], left=number(done["on_hand"]), unit=done["unit"]
            ),
        ),
        tone="good",
    )
