"""进站: pieces have come into an operation, one or two hundred at once."""

from commands.kit import AnyCode, Context, OperationName, command, pieces
from domain.actions import passing
from domain.actions.going import Way
from notifier.card import Card


@command(
    "进站 [<operation>] <codes>",
    permission="work.report",
    group="单件",
    examples=("进站 测试 SN-1001-0001",),
)
def enter_station(ctx: Context, codes: tuple[AnyCode, ...], operation: OperationName = "") -> Card:
    """单件进一道工序，做完再「过站」，在站多久会记下来。上岗以后直接扫：第一次进站，第二次过站。"""
    given = pieces.scanned(codes)
    done = passing.pass_units(ctx.work, codes=given, operation=operation, way=Way.IN)
    return pieces.passed_card(ctx, done, twice=len(codes) - len(given))
