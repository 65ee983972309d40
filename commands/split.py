"""拆分: a part of a lot becomes a lot of its own."""

from commands.kit import Context, LotCode, Measure, command
from commands.kit.units import in_unit
from domain.actions import lot_moves
from domain.queries.lots import lot as known
from notifier.card import Card
from notifier.text import _, number


@command(
    "拆分 <lot> <quantity> [出来]",
    "拆批",
    "拆",
    "分出",
    "分",
    permission="lot.move",
    group="物料",
    examples=("拆分 LOT-0004 2000",),
)
def split(ctx: Context, lot: LotCode, quantity: Measure) -> Card:
    """从一批里拆出一部分，另成一批；追溯连着，冻结跟着。"""
    found = known(ctx.work, code=lot)
    count = in_unit(quantity, unit=found.unit, of=found.material)
    done = lot_moves.split(ctx.work, lot=lot, quantity=count)
    return Card(
        title=_("{lot} 拆出 {other}：{count} {unit}").format(**{**done, "count": number(count)}),
        lines=(_("{lot} 还有 {left} {unit}").format(**done, left=number(done["on_hand"])),),
        tone="good",
    )
