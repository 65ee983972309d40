"""评审: bad product gets a review, with an item for everything that must be decided."""

from decimal import Decimal

from commands.kit import AnyCode, Context, Measure, OperationName, Text, command, numbered_cards
from commands.kit.units import in_unit
from domain.actions import nonconformance
from domain.queries import reviews
from notifier.card import Card

OWN = "NCR-"


@command(
    "评审 <code> [<quantity>] [<operation>] [<defect>]",
    "不良评审",
    permission="review.raise",
    group="品质",
    examples=("评审 WO-1001 焊接 5 个 虚焊", "评审 LOT-0008 受潮", "评审 NCR-3"),
)
def review(
    ctx: Context,
    code: tuple[AnyCode, ...],
    quantity: Measure | None = None,
    operation: OperationName = "",
    defect: Text = "",
) -> Card:
    """报一件不良评审：工单的几件、一个批次、几个单件都行；发评审号就看它。"""
    if code[0].startswith(OWN):
        return numbered_cards.review(ctx, code[0])
    unit = reviews.counted_in(ctx.work, code=code[0])
    count = in_unit(quantity, unit=unit, of=code[0]) if quantity else Decimal(0)
    done = nonconformance.raise_(ctx.work, things=code, quantity=count, operation=operation, defect=defect)
    return numbered_cards.review(ctx, done["review"])
