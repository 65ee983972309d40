"""The cards of what has a number of the house, as they stand now: approvals, hand-overs, reviews."""

from commands.kit.context import Context
from commands.kit.numbers import in_code
from domain.queries import approvals, handovers, reviews
from domain.queries.approvals import ApprovalView
from notifier import floor
from notifier.card import Button, Card


def approval(ctx: Context, code: str) -> Card:
    """Return the card of the approval SP-n; raises NotFound."""
    return floor.approval_card(ctx.work, approvals.numbered(ctx.work, in_code(code)))


def deciding(found: ApprovalView, *, named: bool) -> tuple[Button, ...]:
    """Return the buttons by which an approval is decided; `named`: each says of which."""
    return floor.approval_buttons(found, named=named)


def handover(ctx: Context, code: str) -> Card:
    """Return the card of the hand-over JB-n; raises NotFound."""
    return floor.handover_card(ctx.work, handovers.numbered(ctx.work, in_code(code)))


def review(ctx: Context, code: str) -> Card:
    """Return the card of the review NCR-n; raises NotFound."""
    return floor.review_card(ctx.work, reviews.numbered(ctx.work, in_code(code)))
