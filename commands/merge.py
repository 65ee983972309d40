"""合并: all that is left of a lot goes into another."""

from commands.kit import Context, LotCode, command
from domain.actions import lot_moves
from notifier.card import Card
from notifier.text import _, number


@command(
    "合并 <lot> 到<into>",
    "并批",
    permission="lot.move",
    group="物料",
    examples=("合并 LOT-0004-1 到 LOT-0004",),
)
def merge(ctx: Context, lot: LotCode, into: LotCode) -> Card:
    """把前一个批次剩下的并到后一个：同一种料、同一个供应商、都合格的才行；有效期按早的算。"""
    done = lot_moves.merge(ctx.work, lot=lot, into=into)
    return Card(
        title=_("{lot} 已并到 {other}：{count} {unit}").format(**{**done, "count": number(done["quantity"])}),
        lines=(
            _("{lot} 现有 {left} {unit}").format(
                lot=done["other"], left=number(done["other_on_hand"]), unit=done["unit"]
            ),
        ),
        tone="good",
    )
