"""取出: things leave an open box."""

from commands.kit import AnyCode, Context, ExactQuantity, Reason, command, pieces
from domain.actions import containers
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
    quantity: ExactQuantity = containers.ONE,
    reason: Reason = "",
) -> Card:
    """从开着的箱子里取出单件或箱；没有序列号的说工单和数量。"""
    out, *rest = pieces.box_first(ctx, [box, *codes])
    done = containers.unpack(ctx.work, container=out, codes=rest, quantity=quantity, reason=reason)
    return Card(
        title=_("{container} 取出 {count} 个码，箱里还有 {holds} 件").format(
            container=out, count=done["count"], holds=number(done["holds"])
        ),
        tone="good",
    )
