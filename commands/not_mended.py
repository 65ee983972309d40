"""没好: what was called resolved is not; the ladder starts again."""

from commands.kit import AndonCode, Context, Text, command
from commands.kit.guards import andon_number, answered, generation
from domain.actions import andons
from notifier.card import Card
from notifier.text import _


@command(
    "没好 <andon> [<note>]",
    "重开",
    "没修好",
    "还没好",
    "又坏了",
    permission="andon.raise",
    group="异常",
    examples=("没好 A-12 又报警了",),
)
def not_mended(ctx: Context, andon: AndonCode, note: Text = "") -> Card:
    """异常没好，重新打开，从头叫人。"""
    done = andons.reopen(ctx.work, number=andon_number(andon), note=note, generation=generation(ctx.guard))
    said = Card(title=_("{andon} 重新打开，又叫人了").format(**done), tone="bad")
    return answered(ctx, andon, said=said)
