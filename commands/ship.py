"""出货: boxes and pieces leave for a customer."""

from commands.kit import AnyCode, Context, Text, command, pieces
from domain.actions import shipping
from notifier.card import Card
from notifier.text import _


@command(
    "出货 <codes> 给<customer>",
    "发货",
    "发给 <codes> <customer>",
    "寄给 <codes> <customer>",
    permission="unit.ship",
    group="箱和出货",
    examples=("出货 BOX-1 BOX-2 给 恒信仪表",),
)
def ship(ctx: Context, codes: tuple[AnyCode, ...], customer: Text) -> Card:
    """封好的箱、栈板或散件出货给客户，生成出货单号。"""
    done = shipping.ship(ctx.work, codes=pieces.scanned(codes), customer=customer)
    return Card(title=_("{shipment} 已出货给 {customer}，{count} 件").format(**done), tone="good")
