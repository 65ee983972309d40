"""重开评审: what was decided is looked at once more."""

from commands.kit import Context, ItemNumber, Reason, ReviewCode, command, numbered_cards
from commands.kit.numbers import in_code
from domain.actions import nonconformance
from notifier.card import Card


@command(
    "重开评审 <review> [<item>] <reason>",
    permission="review.judge",
    group="品质",
    examples=("重开评审 NCR-3 客户不同意特采",),
)
def reopen_review(ctx: Context, review: ReviewCode, reason: Reason, item: ItemNumber | None = None) -> Card:
    """重新打开不良评审，要说原因；不说第几项就全部重判。"""
    nonconformance.reopen(ctx.work, number=in_code(review), reason=reason, line=item)
    return numbered_cards.review(ctx, review)
