"""赋码: pieces that have serial numbers on them already are taken into an order."""

from commands.kit import AnyCode, Context, OrderCode, command, pieces
from domain.actions import units
from notifier.card import Card
from notifier.text import _, number


@command(
    "赋码 <order> <codes>",
    "登记序列号",
    permission="unit.number",
    group="单件",
    examples=("赋码 WO-1001 SN88001 SN88002",),
)
def give_numbers(ctx: Context, order: OrderCode, codes: tuple[AnyCode, ...]) -> Card:
    """把已经印好的序列号登记到工单上，一次可以贴很多个。"""
    done = units.give(ctx.work, order=order, codes=pieces.scanned(codes))
    return Card(
        title=_("{order} 已登记 {count} 个序列号").format(**done),
        lines=(
            _("从 {operation} 开始过站，还能赋码 {left} 个").format(
                operation=done["operation"], left=number(done["left"])
            ),
        ),
        tone="good",
    )
