"""单件报废: bad pieces are scrapped."""

from commands.kit import AnyCode, Context, Reason, SerialCode, command, pieces
from domain.actions import judging
from notifier.card import Card
from notifier.text import _, listed


@command(
    "单件报废 <codes> <reason>",
    "<units>报废 <reason>",
    permission="unit.judge",
    group="单件",
    examples=("单件报废 SN-1001-0001 烧坏",),
)
def scrap_unit(
    ctx: Context, reason: Reason, codes: tuple[AnyCode, ...] = (), units: tuple[SerialCode, ...] = ()
) -> Card:
    """报废不良、隔离或退回的单件；超过规则里的件数，要另一个人批准。"""
    done = judging.scrap(ctx.work, codes=pieces.scanned(codes or units), reason=reason)
    which = listed(done["units"][: pieces.SHOWN])
    return Card(
        title=_("{which} 已报废，{count} 件：{reason}").format(which=which, **done),
        lines=(_("冻结到此结束"),) if done["unheld"] else (),
        tone="warn",
    )
