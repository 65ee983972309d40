"""批准: a second pair of eyes says yes."""

from commands.kit import ApprovalCode, Context, Text, command, numbered_cards
from commands.kit.numbers import in_code
from commands.kit.offers import to_approve
from domain.actions import deciding
from notifier.card import Card


@command(
    "批准 <approval> [<note>]",
    "同意批准",
    "同意",
    "批了",
    permission="work.approve",
    group="班组",
    examples=("批准 SP-3",),
    choices={"approval": to_approve},
)
def approve(ctx: Context, approval: ApprovalCode, note: Text = "") -> Card:
    """批准别人的报废、放行、解锁、补录、跳过；自己的不能自己批。"""
    deciding.approve(ctx.work, number=in_code(approval), note=note, pressed=bool(ctx.guard))
    return numbered_cards.approval(ctx, approval)
