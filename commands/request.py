"""领料: the floor asks the warehouse for material."""

from decimal import Decimal

from commands.kit import Context, MaterialCode, Measure, OrderCode, command
from commands.kit.quantities import Amount
from commands.kit.units import in_unit
from domain.actions import requisitions
from domain.queries import materials
from notifier.card import Card
from notifier.text import _, listed, number


@command(
    "领料 <order> [<material>] [<quantity>]",
    "要料",
    "领 <order> [的料] [<material>] [<quantity>]",
    "领一下 <order> [的料] [<material>] [<quantity>]",
    "再领 <order> [的料] [<material>] [<quantity>]",
    permission="material.request",
    group="物料",
    examples=("领料 WO-1003", "领料 WO-1003 R-0603-10K 500"),
)
def request(
    ctx: Context, order: OrderCode, material: MaterialCode = "", quantity: Measure | None = None
) -> Card:
    """向仓库领料：不说料号就领这张工单还差的全部；仓库接了、发了都会告诉你，晚了会催。"""
    count = _count(ctx, material, quantity)
    done = requisitions.request(ctx.work, order=order, material=material, quantity=count)
    items = [f"{it['material']} {number(Decimal(it['quantity']))} {it['unit']}" for it in done["items"]]
    return Card(
        title=_("{requisition} 已交给仓库：{order} 领料").format(**done),
        lines=(listed(items),),
        tone="good",
    )


def _count(ctx: Context, material: str, quantity: Amount | None) -> Decimal | None:
    if quantity is None or not material:
        return None
    return in_unit(quantity, unit=materials.unit_of(ctx.work, code=material), of=material)
