"""日报: a day's facts, on demand."""

from commands.kit import Context, GoneDay, ShiftName, command, stretches
from notifier.card import Button, Card
from notifier.digests.daily import daily
from notifier.text import _


@command(
    "日报 [<day>] [<shift>]",
    "产量",
    "今天怎么样",
    "生产情况",
    "<day>做了多少",
    "<day>完成多少",
    "<day>怎么样",
    "<shift>做了多少 [<day>]",
    "<shift>完成多少 [<day>]",
    "<shift>怎么样 [<day>]",
    reads=True,
    permission="digest.view",
    group="报表",
    examples=("日报", "昨天的日报", "日报 3-1", "昨天夜班的日报"),
)
def show_daily(ctx: Context, day: GoneDay | None = None, shift: ShiftName = "") -> Card:
    """今天或者以前某一天、某一班的产量、报废、异常和没关的事。"""
    meant = stretches.stretch(ctx, day=day, shift=shift)
    if meant.begins > ctx.work.now:
        today = Button(text=_("今天的日报"), say="日报")
        when = stretches.called(meant)
        return Card(title=_("{when} 还没有到，没有日报").format(when=when), tone="warn", buttons=(today,))
    return daily(ctx.work, of=meant)
