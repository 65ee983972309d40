"""报工: good, scrap and rework of one operation."""

from commands.kit import Context, OperationName, OrderCode, Quantity, command, counted
from domain.actions import production
from notifier.card import Button, Card
from notifier.text import _


@command(
    "报工 <order> <operation> <good>良 [<scrap>废] [<rework>返]",
    permission="work.report",
    examples=("报工 WO-1001 焊接 50 良 2 废", "报工 1001 焊接 50"),
)
def report(
    ctx: Context,
    order: OrderCode,
    operation: OperationName,
    good: Quantity,
    scrap: Quantity = 0,
    rework: Quantity = 0,
) -> Card:
    """登记一道工序的良品、废品和返工数。"""
    done = production.report(
        ctx.work, order=order, operation=operation, good=good, scrap=scrap, rework=rework
    )
    finished = (Button(text=_("完工"), say=f"完工 {order}", style="primary"),) if done["all_done"] else ()
    return Card(
        title=counted.title(done),
        lines=(counted.total(done),),
        buttons=finished,
        tone="good",
    )
