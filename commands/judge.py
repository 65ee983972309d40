"""判定: what becomes of the items of a review."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from commands.kit import Choice, Context, ItemNumber, Quantity, ReviewCode, command, numbered_cards, plain
from commands.kit.eyes import asked
from commands.kit.numbers import in_code
from commands.kit.offers import unjudged
from domain.actions import nonconformance
from domain.models.nonconformance import Disposition
from domain.queries import reviews
from domain.queries.reviews import ReviewView
from notifier.card import Button, Card
from notifier.text import _

WAYS = {
    "返工": Disposition.REWORK,
    "报废": Disposition.SCRAP,
    "特采": Disposition.USE_AS_IS,
    "退供应商": Disposition.RETURN,
}
Way = Annotated[
    str,
    Choice.of("处理", *WAYS, 返工=("返修",), 特采=("让步接收", "照用"), 退供应商=("退货", "退供")),
]


@command(
    "判定 <review> <way> [<item>] [<quantity>]",
    "<review> <way> [<item>] [<quantity>]",
    permission="review.judge",
    group="品质",
    examples=("判定 NCR-3 返工", "判定 NCR-3 第 2 项 报废", "判定 NCR-3 报废 2 个"),
    choices={"review": unjudged},
)
def judge(
    ctx: Context, review: ReviewCode, way: Way, item: ItemNumber | None = None, quantity: Quantity = 0
) -> Card:
    """判定不良：返工、报废、特采、退供应商，一项一项来；只判一部分，就说数量。"""
    nonconformance.judge(
        ctx.work,
        number=in_code(review),
        disposition=WAYS[way],
        line=item,
        quantity=quantity or None,
    )
    found = reviews.numbered(ctx.work, in_code(review))
    card = numbered_cards.review(ctx, review)
    return replace(card, lines=(*card.lines, *asked(ctx)), buttons=(*card.buttons, *_next(found)))


def _next(found: ReviewView) -> tuple[Button, ...]:
    """Offer what follows from the decisions about quantities; single pieces have gone their way already."""
    buttons = []
    scrap, rework = _sum(found, Disposition.SCRAP), _sum(found, Disposition.REWORK)
    if found.order and found.operation and scrap:
        say = f"报工 {found.order} {found.operation} 0良 {plain(scrap)}废"
        buttons.append(Button(text=_("报废入账"), say=say))
    if found.order and rework:
        buttons.append(Button(text=_("开返工单"), say=f"返工单 {found.order} {plain(rework)}"))
    return tuple(buttons) if not found.pending else ()


def _sum(found: ReviewView, way: Disposition) -> Decimal:
    mine = (it.quantity for it in found.items if it.disposition is way and not it.unit)
    return sum(mine, Decimal(0))
