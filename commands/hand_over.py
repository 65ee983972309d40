"""交班: what is open is written down for the next shift, and people add to it."""

from commands.kit import Context, Text, command, numbered_cards
from domain.actions import handover
from notifier.card import Card


@command(
    "交班 [<note>]",
    permission="shift.handover",
    group="班组",
    examples=("交班", "交班 二号炉温度偏高，盯一下"),
)
def hand_over(ctx: Context, note: Text = "") -> Card:
    """起草交班：没完的工单、异常、冻结、计时、待批的都列好；再说一句就补一条。"""
    done = handover.give(ctx.work, note=note)
    return numbered_cards.handover(ctx, done["handover"])
