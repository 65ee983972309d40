"""早会: the stand-up's facts, on demand."""

from commands.kit import Context, DepartmentName, command
from notifier.card import Card
from notifier.digests.standup import standup


@command(
    "早会 [<department>]",
    "站会",
    reads=True,
    permission="digest.view",
    group="报表",
    examples=("早会", "早会 仓库"),
)
def show_standup(ctx: Context, department: DepartmentName = "") -> Card:
    """站会提要：昨天做了什么、今天卡在哪里、别人在等什么；最多八行。"""
    return standup(ctx.work, department=department)
