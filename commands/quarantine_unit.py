"""单件隔离: bad pieces are put aside."""

from commands.kit import AnyCode, Context, Reason, command, pieces
from domain.actions import judging
from notifier.card import Card
from notifier.text import _, listed


@command(
    "单件隔离 <codes> <reason>",
    permission="unit.judge",
    group="单件",
    examples=("单件隔离 SN-1001-0001 等分析",),
)
def quarantine_unit(ctx: Context, codes: tuple[AnyCode, ...], reason: Reason) -> Card:
    """把不良的单件先隔离，等分析完再判定。"""
    done = judging.quarantine(ctx.work, codes=pieces.scanned(codes), reason=reason)
    which = listed(done["units"][: pieces.SHOWN])
    return Card(title=_("{which} 已隔离，{count} 件：{reason}").format(which=which, **done), tone="warn")
