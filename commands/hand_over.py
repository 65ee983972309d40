"""交班: what is open is written down for the next shift, and people add to it."""

from commands.kit import Context, Text, command
from commands.kit.numbers import in_code
from domain.actions import handover
from domain.queries import handovers
from notifier.card import Card
from notifier.floor import handover_card


@command(
    "交班 [<note>]",
    permission="shift.handover",
    group="班组",
    examples=("交班", "交班 二号炉温度偏高，盯一下"),
)
def hand_over(ctx: Context, note: Text = "") -> Card:
    """起草交班：没完的工单、异常、冻结、计时、待批的都列好；再说一句就补一条。"""
    done = handover.give(ctx.work, note=note)
    return handover_card(ctx.work, handovers.numbered(ctx.work, in_code(done["handover"])))
