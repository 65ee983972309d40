"""外协收回: what came back from the supplier of an operation."""

from commands.kit import Context, OperationName, OrderCode, Quantity, command, counted
from domain.actions import outsourcing
from notifier.card import Card


@command(
    "外协收回 <order> <operation> <good>良 [<scrap>废] [<rework>返]",
    permission="work.report",
    examples=("外协收回 WO-1001 焊接 98 良 2 废",),
)
def take_back(
    ctx: Context,
    order: OrderCode,
    operation: OperationName,
    good: Quantity,
    scrap: Quantity = 0,
    rework: Quantity = 0,
) -> Card:
    """外协的工序做完回来了，登记良品、废品和返工数。"""
    done = outsourcing.take_back(
        ctx.work, order=order, operation=operation, good=good, scrap=scrap, rework=rework
    )
    return Card(title=counted.title(done), lines=(counted.total(done),), tone="good")
