"""批准: a second pair of eyes says yes."""

from commands.kit import ApprovalCode, Context, Text, command
from commands.kit.numbers import in_code
from commands.kit.offers import to_approve
from domain.actions import deciding
from domain.queries import approvals
from notifier.card import Card
from notifier.floor import approval_card


@command(
    "批准 <approval> [<note>]",
    "同意批准",
    permission="work.approve",
    group="班组",
    examples=("批准 SP-3",),
    choices={"approval": to_approve},
)
def approve(ctx: Context, approval: ApprovalCode, note: Text = "") -> Card:
    """批准别人的报废、放行、解锁、补录、跳过；自己的不能自己批。"""
    deciding.approve(ctx.work, number=in_code(approval), note=note, pressed=bool(ctx.guard))
    return approval_card(ctx.work, approvals.numbered(ctx.work, in_code(approval)))
