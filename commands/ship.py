"""出货: boxes and pieces leave for a customer."""

from commands.kit import AnyCode, Context, Text, command, numbered_cards, pieces
from domain.actions import shipping
from notifier.card import Button, Card
from notifier.text import _, number


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
    """封好的箱、栈板或散件出货给客户，生成出货单号；没有序列号的按工单说数量。"""
    done = shipping.ship(ctx.work, codes=pieces.scanned(codes), customer=customer)
    title = _("{shipment} 已出货给 {customer}，{count} 件")
    return Card(
        title=title.format(**{**done, "count": number(done["holds"])}),
        lines=tuple(numbered_cards.holding(done["content"])),
        buttons=(Button(text=_("出货单"), say=done["shipment"]),),
        tone="good",
    )
