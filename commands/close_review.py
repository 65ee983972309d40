"""关闭评审: everything about it is decided and done."""

from commands.kit import Context, ReviewCode, command, numbered_cards
from commands.kit.numbers import in_code
from commands.kit.offers import judged
from domain.actions import nonconformance
from notifier.card import Card


@command(
    "关闭评审 <review>",
    permission="review.judge",
    group="品质",
    examples=("关闭评审 NCR-3",),
    choices={"review": judged},
)
def close_review(ctx: Context, review: ReviewCode) -> Card:
    """关闭一件不良评审：每一项都判定了才行。"""
    nonconformance.close(ctx.work, number=in_code(review))
    return numbered_cards.review(ctx, review)
