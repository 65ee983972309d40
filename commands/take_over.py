"""接班: the next shift takes what the last one left."""

from commands.kit import Context, HandoverCode, command, numbered_cards
from commands.kit.numbers import in_code
from domain.actions import handover as shift
from notifier.card import Card


@command(
    "接班 [<handover>]",
    permission="shift.handover",
    group="班组",
    examples=("接班", "接班 JB-3"),
)
def take_over(ctx: Context, handover: HandoverCode = "") -> Card:
    """接下上一班交的事；上一班手里没解决的异常，从现在起归你。"""
    done = shift.take(ctx.work, number=in_code(handover) if handover else None)
    return numbered_cards.handover(ctx, done["handover"])
