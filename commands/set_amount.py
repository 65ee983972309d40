"""改用量: another amount of a material a piece, as a new version of the bill of material."""

from commands.kit import (
    Context,
    ExactQuantity,
    MaterialCode,
    OperationName,
    OrderCode,
    ProductName,
    command,
)
from domain.actions import routes
from notifier.card import Button, Card
from notifier.text import _, number


@command(
    "改用量 <product> <material> <quantity> [<operation>]",
    "改用量 <order> <material> <quantity> [<operation>]",
    permission="order.change",
    group="工程",
    confirm="BOM 会有新的一版，确定吗？",
    examples=("改用量 控制板 WIRE-08 0.002", "改用量 WO-1001 WIRE-08 0.002 焊接"),
)
def set_amount(
    ctx: Context,
    material: MaterialCode,
    quantity: ExactQuantity,
    product: ProductName = "",
    order: OrderCode = "",
    operation: OperationName = "",
) -> Card:
    """改每件用多少料，说 0 就是不用了；产品从下一张工单起用新版，已下达的工单要先「变更冻结」。"""
    done = routes.set_amount(
        ctx.work, material=material, quantity=quantity, product=product, order=order, operation=operation
    )
    was = number(done["was"]) if done["was"] is not None else _("没有")
    line = _("{operation} {material} {name}：每件 {was} → {now} {unit}").format(
        operation=done["operation"],
        material=done["material"],
        name=done["material_name"],
        was=was,
        now=number(quantity),
        unit=done["unit"],
    )
    return Card(
        title=_("{product} BOM 第 {version} 版").format(product=done["product"], version=done["version"]),
        lines=(
            line,
            _("只有 {order} 用这一版。").format(order=order) if order else _("从下一张下达的工单起用。"),
        ),
        buttons=(Button(text=_("解除变更"), say=f"解除变更 {order}", style="primary"),) if order else (),
        tone="good",
    )
