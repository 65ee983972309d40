"""退货: a customer has sent back what was shipped."""

from collections.abc import Iterator

from commands.kit import AnyCode, Context, ExactQuantity, Reason, command, onward, pieces
from domain.actions import returning
from domain.actions.returning import Returned
from notifier.card import Button, Card
from notifier.text import _, listed, number


@command(
    "客户退货 <codes> [<quantity>] <reason>",
    "退货",
    permission="unit.ship",
    group="箱和出货",
    examples=("客户退货 SN-1001-0001 不开机", "客户退货 BOX-9 5 个 不开机"),
)
def customer_return(
    ctx: Context, codes: tuple[AnyCode, ...], reason: Reason, quantity: ExactQuantity | None = None
) -> Card:
    """客户退回的单件、箱或整张出货单；没有序列号的说箱号和数量。退回的件返修或返工以后才能再出货。"""
    given = pieces.scanned(codes)
    done = returning.take_back(ctx.work, codes=given, reason=reason, quantity=quantity)
    said = _("已收回 {count} 件：{reason}").format(count=number(done["holds"]), reason=done["reason"])
    return Card(title=said, lines=tuple(_lines(done)), buttons=_again(ctx, done), tone="warn")


def _lines(done: Returned) -> Iterator[str]:
    """Say what the customer still has, which boxes came back, and what becomes of pieces without numbers."""
    if done["away"]:
        yield _("{shipment} 还有 {away} 件在客户那里").format(
            shipment=done["shipment"], away=number(done["away"])
        )
    if done["boxes"]:
        yield _("箱也退回了：{boxes}，开箱以后可以再装").format(boxes=listed(done["boxes"]))
    if loose := done["holds"] - done["count"]:
        yield _("{count} 件没有序列号，不能直接再装箱，要返工请开返工单").format(count=number(loose))


def _again(ctx: Context, done: Returned) -> tuple[Button, ...]:
    """Return the rework order for pieces without numbers, if they are of one order."""
    loose = done["holds"] - done["count"]
    if done["count"] or not loose or len(done["orders"]) > 1 or not onward.allowed(ctx, "order.rework"):
        return ()
    return (Button(text=_("返工单"), say=f"返工单 {done['orders'][0]} {number(loose)}"),)
