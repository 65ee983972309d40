"""日报: the day's facts, on demand."""

from commands.kit import Context, command
from notifier.card import Card
from notifier.digests.daily import daily


@command(
    "日报",
    "今天做了多少",
    "今天产量",
    "今天完成多少",
    "产量",
    "今天怎么样",
    "生产情况",
    reads=True,
    permission="digest.view",
    group="报表",
    examples=("日报",),
)
def show_daily(ctx: Context) -> Card:
    """今天的产量、报废、异常和没关的事。"""
    return daily(ctx.work)
