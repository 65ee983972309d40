"""送审: an order whose pieces are all reported is handed over for review."""

from commands.kit import Context, OrderCode, command, onward
from domain.actions import ending
from domain.queries import orders
from notifier.card import Card
from notifier.text import _


@command("送审 <order>", permission="work.report", examples=("送审 WO-1001",))
def submit(ctx: Context, order: OrderCode) -> Card:
    """每道工序都报完了，交给能完工的人审核；他看过说「完工」就行。"""
    done = ending.submit(ctx.work, order=order)
    now = orders.order(ctx.work, code=order)
    return Card(
        title=_("{order} 已送审，等完工").format(**done),
        buttons=tuple(onward.finishing(ctx, now)),
        tone="good",
    )
