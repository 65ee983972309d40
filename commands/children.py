"""子单: orders for the parts of an order that are made here."""

from commands.kit import Context, ExactQuantity, OrderCode, ProductName, command
from domain.actions import family
from notifier.card import Button, Card
from notifier.text import _, listed, number


@command(
    "子单 <order> [<product>] [<quantity>]",
    "开子单",
    permission="order.draft",
    examples=("子单 WO-1002", "子单 WO-1002 控制板 200"),
)
def children(
    ctx: Context, order: OrderCode, product: ProductName = "", quantity: ExactQuantity | None = None
) -> Card:
    """给工单里自己做的零件起草子单；不说产品和数量就按 BOM 把还缺的都开出来。父单用到它的工序会等它完工。"""
    made = family.draft_children(ctx.work, order=order, product=product, quantity=quantity)
    return Card(
        title=_("{order} 的子单已起草：{children}").format(
            order=order, children=listed(child["order"] for child in made)
        ),
        lines=tuple(
            f"{child['order']} {child['product']} × {number(child['quantity'])} {child['unit']}"
            for child in made
        ),
        buttons=tuple(
            Button(text=_("下达 {order}").format(order=child["order"]), say=f"下达 {child['order']}")
            for child in made[:4]
        ),
        tone="good",
    )
