"""返修: bad pieces go back to an operation."""

from commands.kit import AnyCode, Context, OperationName, Reason, command, pieces
from domain.actions import judging
from notifier.card import Card
from notifier.text import _, listed


@command(
    "返修 <codes> [<operation>] [<reason>]",
    permission="unit.judge",
    group="单件",
    examples=("返修 SN-1001-0001 焊接 补焊",),
)
def repair(
    ctx: Context, codes: tuple[AnyCode, ...], operation: OperationName = "", reason: Reason = ""
) -> Card:
    """把不良、隔离或退回的单件返到一道工序重做；不说工序就从不良的那道重做。"""
    done = judging.send_back(ctx.work, codes=pieces.scanned(codes), operation=operation, reason=reason)
    which = listed(done["units"][: pieces.SHOWN])
    return Card(title=_("{which} 返修 {operation}，{count} 件").format(which=which, **done), tone="good")
