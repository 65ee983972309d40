"""投诉: a customer complains of a lot, a piece, a box, a shipment or an order."""

from commands.kit import AnyCode, Context, Text, command, pieces
from domain.actions import shipping
from notifier.card import Button, Card
from notifier.text import _


@command(
    "投诉 <code> <text>",
    "客诉",
    "客户投诉",
    permission="complaint.record",
    group="箱和出货",
    examples=("投诉 SN-1001-0001 客户说不开机",),
)
def complain(ctx: Context, code: AnyCode, text: Text) -> Card:
    """登记客户投诉，记在批次、单件、箱、出货单或工单上，追溯时看得到。"""
    done = shipping.complain(ctx.work, code=pieces.scanned([code])[0], customer="", text=text)
    trace = Button(text=_("追溯"), say=f"追溯 {done['thing']}")
    return Card(title=_("{complaint} 已登记：{thing} {text}").format(**done), buttons=(trace,), tone="warn")
