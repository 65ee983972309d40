"""换件: a part of a piece is exchanged in a repair."""

from commands.kit import AnyCode, Context, Reason, command, pieces
from domain.actions import assembly
from notifier.card import Card
from notifier.text import _, listed


@command(
    "换件 <unit> 拆<old> 装<new> [<reason>]",
    permission="work.report",
    group="单件",
    examples=("换件 SN-1001-0001 拆 SN-1003-0007 装 SN-1003-0009 屏坏",),
)
def exchange_part(ctx: Context, unit: AnyCode, old: AnyCode, new: AnyCode, reason: Reason = "") -> Card:
    """维修时换掉一个件：拆下的和装上的都留在追溯里。"""
    whole, out, into = (pieces.scanned([code])[0] for code in (unit, old, new))
    done = assembly.exchange(ctx.work, unit=whole, old=out, new=into, reason=reason)
    where = _("（{position}）").format(position=done["position"]) if done["position"] else ""
    return Card(
        title=_("{unit} 已换件{where}：拆下 {old}，装上 {new}").format(
            unit=whole, where=where, old=out, new=listed(done["parts"])
        ),
        tone="good",
    )
