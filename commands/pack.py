"""装箱: pieces go into a box."""

from decimal import Decimal

from commands.kit import AnyCode, Context, ExactQuantity, command, pieces
from domain.actions import containers
from domain.queries.packable import unnumbered_there
from notifier.card import Button, Card
from notifier.text import _, number


@command(
    "装箱 <box> <codes> [<quantity>]",
    "装",
    "装进",
    "装到",
    "装入",
    "放进",
    permission="unit.pack",
    group="箱和出货",
    examples=("装箱 BOX-1 SN-1001-0001", "装箱 BOX-2 WO-1001 20 个"),
)
def pack(
    ctx: Context, box: AnyCode, codes: tuple[AnyCode, ...], quantity: ExactQuantity | None = None
) -> Card:
    """把做完的单件装进箱子，新箱号自动登记；没有序列号的说工单和数量。"""
    into, *rest = pieces.box_first(ctx, [box, *codes])
    much = _only(ctx, rest) if quantity is None else quantity
    done = containers.pack(ctx.work, container=into, codes=rest, quantity=much)
    return Card(
        title=_("{container} 装入 {count} 个码，箱里共 {holds} 件").format(
            container=into, count=done["count"], holds=number(done["holds"])
        ),
        buttons=(Button(text=_("封箱"), say=f"封箱 {into}", style="primary"),),
        tone="good",
    )


def _only(ctx: Context, codes: list[str]) -> Decimal:
    """Return the one piece that is meant; raises StillMissing where more without numbers can be packed."""
    there = (unnumbered_there(ctx.work, order=it) for it in pieces.orders_among(ctx, codes))
    return pieces.only(max(there, default=containers.ONE))
