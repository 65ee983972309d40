"""过站: pieces have gone through an operation, one or two hundred at once."""

from commands.kit import AnyCode, Context, OperationName, SerialCode, command, pieces
from domain.actions import passing
from notifier.card import Card


@command(
    "过站 [<operation>] <codes>",
    "<units>OK [<operation>]",
    permission="work.report",
    group="单件",
    examples=("过站 焊接 SN-1001-0001", "过站 测试 BOX-12"),
)
def pass_station(
    ctx: Context,
    codes: tuple[AnyCode, ...] = (),
    operation: OperationName = "",
    units: tuple[SerialCode, ...] = (),
) -> Card:
    """单件过一道工序；一次贴 200 个也行，箱号代表里面的东西。上岗以后直接扫码，不用说这句。"""
    said = codes or units
    given = pieces.scanned(said)
    done = passing.pass_units(ctx.work, codes=given, operation=operation)
    return pieces.passed_card(ctx, done, twice=len(said) - len(given))
