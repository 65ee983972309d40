"""确认: the reporter closes an andon."""

from commands.kit import AndonCode, Context, command
from commands.kit.guards import andon_number, answered, generation
from commands.kit.offers import unconfirmed
from domain.actions import andons
from notifier.card import Card
from notifier.text import _


@command(
    "确认 <andon>",
    "关闭 <andon>",
    permission="andon.confirm",
    group="异常",
    examples=("确认 A-12",),
    choices={"andon": unconfirmed},
)
def confirm(ctx: Context, andon: AndonCode) -> Card:
    """确认异常真的好了，关闭它；自己解决的要请别人确认。"""
    done = andons.confirm(ctx.work, number=andon_number(andon), generation=generation(ctx.guard))
    return answered(ctx, andon, said=Card(title=_("{andon} 已关闭").format(**done), tone="good"))
