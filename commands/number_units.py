"""生成序列号: serial numbers are made for an order."""

from commands.kit import Context, OrderCode, Quantity, command
from domain.actions import units
from notifier.card import Card
from notifier.text import _, number


@command(
    "生成序列号 <order> <count>个 [每板<boards>块]",
    "生成SN",
    "打序列号",
    "打SN",
    "生成 <order> <count>个 [序列号] [每板<boards>块]",
    "打 <order> <count>个 [序列号] [每板<boards>块]",
    permission="unit.number",
    group="单件",
    examples=("生成序列号 WO-1001 50", "生成序列号 WO-1003 20 个 每板 4 块"),
)
def number_units(ctx: Context, order: OrderCode, count: Quantity, boards: Quantity = 1) -> Card:
    """给工单生成一批序列号；拼板说每板几块，以后用「分板」分开。"""
    done = units.generate(ctx.work, order=order, count=int(count), boards=int(boards))
    return Card(
        title=_("{order} 已赋码 {count} 个：{first} 到 {last}").format(**done),
        lines=(
            _("从 {operation} 开始过站，还能赋码 {left} 个").format(
                operation=done["operation"], left=number(done["left"])
            ),
        ),
        tone="good",
    )
