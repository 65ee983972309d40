"""移库: a lot goes to another place."""

from commands.kit import Context, LotCode, PlaceCode, command
from domain.actions import lot_moves
from notifier.card import Card
from notifier.text import _


@command(
    "移库 <lot> [到] <place>",
    "移位",
    "放到",
    "移到",
    "搬到",
    "挪到",
    permission="lot.move",
    group="物料",
    examples=("移库 LOT-0001 到 LOC-A2",),
)
def move(ctx: Context, lot: LotCode, place: PlaceCode) -> Card:
    """把一批料移到另一个库位。"""
    done = lot_moves.move(ctx.work, lot=lot, place=place)
    return Card(title=_("{lot} 已移到 {place}").format(lot=done["lot"], place=place), tone="good")
