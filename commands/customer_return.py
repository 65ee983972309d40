"""退货: a customer has sent back what was shipped."""

from commands.kit import AnyCode, Context, Reason, command, pieces
from domain.actions import shipping
from notifier.card import Card
from notifier.text import _, number


@command(
    "客户退货 <codes> <reason>",
    "退货",
    permission="unit.ship",
    group="箱和出货",
    examples=("客户退货 SN-1001-0001 不开机",),
)
def customer_return(ctx: Context, codes: tuple[AnyCode, ...], reason: Reason) -> Card:
    """客户退回的单件、箱或整张出货单；退回的件可以返修或报废。"""
    done = shipping.take_back(ctx.work, codes=pieces.scanned(codes), reason=reason)
    said = _("已收回 {count} 件：{reason}").format(count=number(done["holds"]), reason=done["reason"])
    return Card(title=said, tone="warn")
