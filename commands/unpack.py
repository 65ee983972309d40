"""取出: things leave an open box."""

from decimal import Decimal

from commands.kit import AnyCode, Context, ExactQuantity, Reason, command, pieces
from domain.actions import containers
from domain.queries.contents import unnumbered_of
from notifier.card import Card
from notifier.text import _, number


@command(
    "取出 <box> <codes> [<quantity>] [<reason>]",
    permission="unit.pack",
    group="箱和出货",
    examples=("取出 BOX-1 SN-1001-0001", "取出 BOX-2 WO-1001 5 个"),
)
def unpack(
    ctx: Context,
    box: AnyCode,
    codes: tuple[AnyCode, ...],
    quantity: ExactQuantity | None = None,
    reason: Reason = "",
) -> Card:
    """从开着的箱子里取出单件或箱；没有序列号的说工单和数量。"""
    out, *rest = pieces.box_first(ctx, [box, *codes])
    much = _only(ctx, out, rest) if quantity is None else quantity
    done = containers.unpack(ctx.work, container=out, codes=rest, quantity=much, reason=reason)
    return Card(
        title=_("{container} 取出 {count} 个码，箱里还有 {holds} 件").format(
            container=out, count=done["count"], holds=number(done["holds"])
        ),
        tone="good",
    )


def _only(ctx: Context, box: str, codes: list[str]) -> Decimal:
    """Return the one piece that is meant; raises StillMissing where more without numbers are in the box."""
    inside = (unnumbered_of(ctx.work, container=box, order=it) for it in pieces.orders_among(ctx, codes))
    return pieces.only(max(inside, default=containers.ONE))
