"""判不良: pieces have failed an operation."""

from commands.kit import AnyCode, Context, OperationName, Reason, SerialCode, command, pieces
from domain.actions import passing
from notifier.card import Card


@command(
    "判不良 [<operation>] <codes> [<reason>]",
    "单件不良",
    "<units>坏了 [<operation>] [<reason>]",
    permission="work.report",
    group="单件",
    examples=("判不良 测试 SN-1001-0001 虚焊",),
)
def fail_station(
    ctx: Context,
    codes: tuple[AnyCode, ...] = (),
    operation: OperationName = "",
    reason: Reason = "",
    units: tuple[SerialCode, ...] = (),
) -> Card:
    """单件在一道工序不良，等判定：返修、单件隔离或单件报废。"""
    said = codes or units
    given = pieces.scanned(said)
    done = passing.pass_units(ctx.work, codes=given, operation=operation, bad=True, reason=reason)
    return pieces.passed_card(ctx, done, twice=len(said) - len(given))
