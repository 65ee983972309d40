"""不批准: a second pair of eyes says no."""

from commands.kit import ApprovalCode, Context, Text, command, numbered_cards
from commands.kit.numbers import in_code
from commands.kit.offers import to_approve
from domain.actions import deciding
from notifier.card import Card


@command(
    "不批准 <approval> [<note>]",
    "不批",
    permission="work.approve",
    group="班组",
    examples=("不批准 SP-3 再复检一次",),
    choices={"approval": to_approve},
)
def disapprove(ctx: Context, approval: ApprovalCode, note: Text = "") -> Card:
    """不批准：还没做的就不做；已经做了的，提的人要撤掉或者改过来。"""
    deciding.refuse(ctx.work, number=in_code(approval), note=note, pressed=bool(ctx.guard))
    return numbered_cards.approval(ctx, approval)
