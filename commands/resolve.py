"""解决: mended; the reporter has the ball until they confirm."""

from commands.kit import AndonCode, Context, Text, command
from commands.kit.guards import andon_number, answered, generation, stands
from commands.kit.offers import unmended
from domain.actions import andons
from notifier.card import Card


@command(
    "解决 <andon> [<note>]",
    "已解决",
    "修好了",
    "修好",
    "搞定",
    "处理好了",
    "弄好了",
    "<andon>好了 [<note>]",
    permission="andon.resolve",
    group="异常",
    examples=("解决 A-12 换了吸嘴",),
    choices={"andon": unmended},
)
def resolve(ctx: Context, andon: AndonCode, note: Text = "") -> Card:
    """说异常已经解决，等报的人确认。"""
    done = andons.resolve(ctx.work, number=andon_number(andon), note=note, generation=generation(ctx.guard))
    said = Card(title=f"{done['andon']} {stands(ctx, andon)}", tone="good")
    return answered(ctx, andon, said=said)
