"""漏扫: the missed operation was done, only not scanned."""

from commands.kit import Context, FindingCode, When, command
from commands.kit.answered import made_up, number_of
from domain.actions import making_up
from notifier.card import Card


@command(
    "漏扫 <finding> [<at>]", "补录", permission="work.report", group="追溯", examples=("漏扫 QS-1 10:30",)
)
def missed_scan(ctx: Context, finding: FindingCode, at: When | None = None) -> Card:
    """缺的工序其实做了，只是没扫：补录，可以说当时的时间；要另一个人批准。"""
    done = making_up.make_up(ctx.work, number=number_of(finding), at=at)
    return made_up(done)
