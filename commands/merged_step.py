"""合并做了: the missed operation was done together with another."""

from commands.kit import Context, FindingCode, command
from commands.kit.answered import made_up, number_of
from domain.actions import making_up
from notifier.card import Card


@command("合并做了 <finding>", permission="work.report", group="追溯", examples=("合并做了 QS-1",))
def merged_step(ctx: Context, finding: FindingCode) -> Card:
    """缺的工序和别的工序一起做了：补录，要另一个人批准。"""
    done = making_up.make_up(ctx.work, number=number_of(finding), merged=True)
    return made_up(done)
