"""确认: the reporter closes an andon."""

from commands.kit import AndonCode, Context, command
from commands.kit.guards import andon_number, generation
from domain.actions import andons
from notifier.card import Card
from notifier.text import _


@command("确认 <andon>", "关闭 <andon>", permission="andon.confirm", group="异常", examples=("确认 A-12",))
def confirm(ctx: Context, andon: AndonCode) -> Card:
    """确认异常真的好了，关闭它；自己解决的要请别人确认。"""
    done = andons.confirm(ctx.work, number=andon_number(andon), generation=generation(ctx.guard))
    return Card(title=_("{andon} 已关闭").format(**done), tone="good")
