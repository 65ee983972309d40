"""新工单: a draft order."""

from datetime import UTC
from typing import Annotated

from commands.kit import Choice, Context, Due, Measure, OrderCode, ProductName, command
from commands.kit.units import in_unit
from domain.actions import orders
from domain.models.work_order import OrderKind
from domain.queries import materials
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, number

TRIAL = "试产"
Trial = Annotated[str, Choice.of("种类", TRIAL, 试产=("试制", "试做", "试生产"))]


@command(
    "新工单 <product> <quantity> [<order>] [<due>] [<kind>]",
    "起草工单",
    "开工单",
    "开单",
    "下单",
    "开一张单",
    "开张单",
    "开个单",
    "开一张工单",
    "<product> <quantity> [<due>]",
    permission="order.draft",
    examples=("新工单 控制板 200 周五", "新工单 控制板 20 试产"),
)
def draft(
    ctx: Context,
    product: ProductName,
    quantity: Measure,
    order: OrderCode = "",
    due: Due | None = None,
    kind: Trial = "",
) -> Card:
    """起草一张工单，下达以后才能开工；说「试产」就是试产单，到哪里都会写明。"""
    count = in_unit(quantity, unit=materials.unit_of(ctx.work, code=product), of=product)
    done = orders.draft(
        ctx.work,
        product=product,
        quantity=count,
        code=order,
        due_at=due.astimezone(UTC) if due else None,
        line=ctx.chat.line,
        kind=OrderKind.TRIAL if kind else OrderKind.NORMAL,
    )
    trial = names.order_kind(OrderKind.TRIAL) if kind else ""
    return Card(
        title=_("{order} 已起草：{product} × {count} {unit}").format(**done, count=number(count)),
        lines=(trial,) if trial else (),
        buttons=(Button(text=_("下达"), say=f"下达 {done['order']}", style="primary"),),
        tone="good",
    )
