"""日报: a day's facts, on demand."""

from commands.kit import Context, GoneDay, command
from notifier.card import Button, Card
from notifier.digests.daily import daily
from notifier.digests.days import day_on
from notifier.text import _


@command(
    "日报 [<day>]",
    "今天做了多少",
    "今天产量",
    "今天完成多少",
    "产量",
    "今天怎么样",
    "生产情况",
    "<day>做了多少",
    "<day>完成多少",
    "<day>怎么样",
    reads=True,
    permission="digest.view",
    group="报表",
    examples=("日报", "昨天的日报", "日报 3-1"),
)
def show_daily(ctx: Context, day: GoneDay | None = None) -> Card:
    """今天或者以前某一天的产量、报废、异常和没关的事。"""
    if day is None:
        return daily(ctx.work)
    at = day_on(ctx.work.playbook, day, now=ctx.work.now)
    if at is None:
        today = Button(text=_("今天的日报"), say="日报")
        return Card(title=_("{day:%m-%d} 还没有到，没有日报").format(day=day), tone="warn", buttons=(today,))
    return daily(ctx.work, at=at)
