"""没做: the missed operation was not done."""

from commands.kit import Context, FindingCode, command
from commands.kit.answered import denied, number_of
from domain.actions import making_up
from notifier.card import Card


@command("没做 <finding>", permission="work.report", group="追溯", examples=("没做 QS-1",))
def not_done(ctx: Context, finding: FindingCode) -> Card:
    """缺的工序真的没做：单件回去等那道工序，做了自动关闭。"""
    done = making_up.deny(ctx.work, number=number_of(finding))
    return denied(done)
