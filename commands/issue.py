"""发料: from a released lot to an order."""

from commands.kit import Context, LotCode, Measure, OrderCode, RequisitionCode, command
from commands.kit.issued import issued_all
from commands.kit.units import in_unit
from domain.actions import issuing, lots
from domain.queries.lots import lot as known
from notifier.card import Card
from notifier.text import _, number


@command(
    "发料 <lot> <quantity> [到] <order>",
    "发",
    "发了",
    "<lot> <quantity> [到] <order>",
    "发料 <requisition>",
    "发 <requisition>",
    "发了 <requisition>",
    "送过去 <requisition>",
    "送到 <requisition>",
    permission="lot.issue",
    group="物料",
    examples=("发料 LOT-0001 50 WO-1001", "发料 LL-3"),
)
def issue(
    ctx: Context,
    lot: LotCode = "",
    quantity: Measure | None = None,
    order: OrderCode = "",
    requisition: RequisitionCode = 0,
) -> Card:
    """把一批料发给工单，只发合格、没过期、在 BOM 里的；说领料单号就照备料单一次发完。"""
    if requisition or quantity is None:
        return issued_all(issuing.issue_requisition(ctx.work, number=requisition))
    found = known(ctx.work, code=lot)
    count = in_unit(quantity, unit=found.unit, of=found.material)
    done = lots.issue(ctx.work, lot=lot, quantity=count, order=order)
    title = (
        _("{lot} 已送到 {order} 线边：{count} {unit}")
        if done["staged"]
        else _("{lot} 已发 {count} {unit} 给 {order}")
    )
    return Card(
        title=title.format(lot=done["lot"], count=number(count), unit=done["unit"], order=done["order"]),
        lines=(
            _("{material} 还有 {left} {unit}").format(
                material=done["material"], left=number(done["on_hand"]), unit=done["unit"]
            ),
            *((_("上到站位以后，报工时自动扣。"),) if done["staged"] else ()),
        ),
        tone="good",
    )
