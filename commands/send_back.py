"""退供: a rejected lot goes back to its supplier."""

from commands.kit import Context, LotCode, Reason, command
from domain.actions import lot_moves
from notifier.card import Card
from notifier.text import _, number


@command(
    "退供 <lot> [<reason>]",
    "退供应商",
    "退给供应商",
    "退回供应商",
    permission="lot.return",
    group="物料",
    examples=("退供 LOT-0010 氧化",),
)
def send_back(ctx: Context, lot: LotCode, reason: Reason = "") -> Card:
    """拒收或者隔离的批次整批退给供应商；只退一部分的先拆分。"""
    done = lot_moves.send_back(ctx.work, lot=lot, reason=reason)
    return Card(
        title=_("{lot} 已退供应商：{count} {unit}").format(**done, count=number(done["quantity"])),
        tone="good",
    )
