"""工艺路线: how a product, or an order as it was frozen, is made."""

from commands.kit import Context, OrderCode, ProductName, command
from domain.queries import routes
from domain.queries.routes import Part, Step
from notifier.card import Card, Table
from notifier.text import _, listed, number


@command(
    "工艺路线 <order>",
    "工艺路线 <product>",
    "BOM <product>",
    "看工艺",
    "看 BOM",
    "BOM",
    reads=True,
    permission="order.view",
    group="工程",
    examples=("工艺路线 控制板", "工艺路线 WO-1001"),
)
def route(ctx: Context, order: OrderCode = "", product: ProductName = "") -> Card:
    """产品的工艺路线和 BOM；说工单号，看的是它下达时冻结的那一版。"""
    made = routes.making(ctx.work, order=order, product=product)
    versions = _("路线第 {route} 版，BOM 第 {bom} 版").format(route=made.route, bom=made.bom)
    allowance = _("允许超产 {share}%").format(share=number(made.over_allowance * 100))
    return Card(
        title=f"{order} " * bool(order)
        + _("{product} {name} 的工艺").format(product=made.product, name=made.product_name),
        lines=(versions, *([allowance] if made.over_allowance else []), *map(_part, made.parts)),
        table=Table(header=(_("序号"), _("工序"), _("说明")), rows=tuple(map(_step, made.steps))),
    )


def _step(step: Step) -> tuple[str, str, str]:
    notes = [
        _("可选") if step.optional else "",
        _("并行") if step.beside else "",
        _("并到 {operation} 一起报").format(operation=step.merged_into) if step.merged_into else "",
        _("外协 {supplier}").format(supplier=step.outsourced_to) if step.outsourced_to else "",
        step.equipment,
        _("要上岗证") if step.certified else "",
        _("要扫进站") if step.track_in else "",
        _("要上料") if step.loading else "",
        _("{minutes} 分钟").format(minutes=number(step.minutes)) if step.minutes else "",
    ]
    return str(step.sequence), step.name, listed(filter(None, notes))


def _part(part: Part) -> str:
    said = f"{part.operation}：{part.material} {part.name} {number(part.quantity)} {part.unit}"
    said += f" {' '.join(part.positions)}" if part.positions else ""
    others = listed(part.alternates)
    return said + (_("（可替代：{others}）").format(others=others) if others else "")
