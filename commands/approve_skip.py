"""批准跳过: pieces may go on without the missed operation."""

from commands.kit import Context, FindingCode, Reason, command
from commands.kit.answered import number_of, skipped
from domain.actions import making_up
from notifier.card import Card


@command(
    "批准跳过 <finding> <reason>",
    permission="work.approve",
    group="追溯",
    examples=("批准跳过 QS-1 返工件不用再焊",),
)
def approve_skip(ctx: Context, finding: FindingCode, reason: Reason) -> Card:
    """批准单件不做缺的工序，留下原因；自己扫的、自己被问的不能自己批。"""
    done = making_up.approve_skip(ctx.work, number=number_of(finding), reason=reason)
    return skipped(done)
