"""早会: the stand-up's facts, on demand."""

from commands.kit import Context, DepartmentName, GoneDay, command
from notifier.card import Button, Card
from notifier.digests.standup import standup
from notifier.text import _


@command(
    "早会 [<department>] [<day>]",
    "站会",
    reads=True,
    permission="digest.view",
    group="报表",
    examples=("早会", "早会 仓库"),
)
def show_standup(ctx: Context, department: DepartmentName = "", day: GoneDay | None = None) -> Card:
    """站会提要：昨天做了什么、今天卡在哪里、别人在等什么；最多八行。别的日子请看日报。"""
    if day is not None and day != ctx.work.now.astimezone(ctx.work.playbook.zone).date():
        daily = Button(text=_("{day:%m-%d} 的日报").format(day=day), say=f"日报 {day.isoformat()}")
        return Card(title=_("早会提要只有今天的，别的日子请看日报"), tone="warn", buttons=(daily,))
    return standup(ctx.work, department=department)
