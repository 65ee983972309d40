"""组装: pieces or lots are put into a piece."""

from commands.kit import AnyCode, Context, ExactQuantity, command, pieces
from domain.actions import assembly
from notifier.card import Card
from notifier.text import _, listed


@command(
    "装配件 <unit> <parts> [<quantity>]",
    "单件组装",
    permission="work.report",
    group="单件",
    examples=("装配件 SN-1001-0001 SN-1003-0007",),
)
def assemble(
    ctx: Context, unit: AnyCode, parts: tuple[AnyCode, ...], quantity: ExactQuantity = assembly.ONE
) -> Card:
    """把单件或批次装进一个单件，追溯到件；一件只能装在一个地方。"""
    whole, *rest = pieces.in_order(ctx, [unit, *parts])
    done = assembly.assemble(ctx.work, unit=whole, parts=rest, quantity=quantity)
    return Card(title=_("{unit} 已装入 {parts}").format(unit=whole, parts=listed(done["parts"])), tone="good")
