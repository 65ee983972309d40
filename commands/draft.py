"""新工单: a draft order."""

from datetime import UTC

from commands.kit import Context, Measure, OrderCode, ProductName, When, command
from commands.kit.units import in_unit
from domain.actions import orders
from domain.queries import materials
from notifier.card import Button, Card
from notifier.text import _, number


@command(
    "新工单 <product> <quantity> [<order>] [<due>]",
    "起草工单",
    permission="order.draft",
    examples=("新工单 控制板 200 周五",),
)
def draft(
    ctx: Context,
    product: ProductName,
    quantity: Measure,
    order: OrderCode = "",
    due: When | None = None,
) -> Card:
    """起草一张工单，下达以后才能开工。"""
    count = in_unit(quantity, unit=materials.unit_of(ctx.work, code=product), of=product)
    done = orders.draft(
        ctx.work,
        product=product,
        quantity=count,
        code=order,
        due_at=due.astimezone(UTC) if due else None,
        line=ctx.chat.line,
    )
    return Card(
        title=_("{order} 已起草：{product} × {count} {unit}").format(**done, count=number(count)),
        buttons=(Button(text=_("下达"), say=f"下达 {done['order']}", style="primary"),),
        tone="good",
    )
