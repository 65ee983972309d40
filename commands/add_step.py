"""加工序: one more operation, as a new version of the route."""

from commands.kit import Context, OperationName, OrderCode, ProductName, command
from domain.actions import routes
from notifier.card import Button, Card
from notifier.text import _


@command(
    "加工序 <product> <operation> [在] <after>后",
    "加工序 <order> <operation> [在] <after>后",
    permission="order.change",
    group="工程",
    confirm="工艺路线会有新的一版，确定吗？",
    examples=("加工序 控制板 组装 在测试后", "加工序 WO-1001 贴片 在焊接后"),
)
def add_step(
    ctx: Context,
    operation: OperationName,
    after: OperationName,
    product: ProductName = "",
    order: OrderCode = "",
) -> Card:
    """在一道工序后面加一道：产品从下一张工单起用新版；已下达的工单要先「变更冻结」，加好再「解除变更」。"""
    done = routes.add_operation(ctx.work, operation=operation, after=after, product=product, order=order)
    title = _("{product} 工艺路线第 {version} 版：{after} 后面加 {operation}").format(
        product=done["product"], version=done["version"], after=after, operation=operation
    )
    if not order:
        return Card(title=title, lines=(_("从下一张下达的工单起用。"),), tone="good")
    return Card(
        title=title,
        lines=(_("只有 {order} 用这一版；已经做过去的件不回头。").format(order=order),),
        buttons=(Button(text=_("解除变更"), say=f"解除变更 {order}", style="primary"),),
        tone="good",
    )
