"""接: the ball is in the speaker's court."""

from commands.kit import AndonCode, Context, RequisitionCode, command
from commands.kit.guards import andon_number, answered, generation, with_next_steps
from commands.kit.offers import untaken
from commands.kit.requisition_answers import taken_requisition
from domain.actions import andons
from notifier.card import Card
from notifier.text import _


@command(
    "接 <andon>",
    "接 <requisition>",
    "接单",
    "我来",
    "我接",
    "接了",
    "我来 <requisition>",
    "我接 <requisition>",
    "接了 <requisition>",
    "接单 <requisition>",
    permission="andon.take",
    group="异常",
    examples=("接 A-12", "接 LL-3"),
    choices={"andon": untaken},
)
def take(ctx: Context, andon: AndonCode = "", requisition: RequisitionCode = 0) -> Card:
    """接下一件异常或一张领料单：从现在起球在你这里。"""
    if requisition:
        return taken_requisition(ctx, number=requisition)
    done = andons.acknowledge(ctx.work, number=andon_number(andon), generation=generation(ctx.guard))
    title = _("{andon} {kind}：{who} 已接").format(
        andon=done["andon"], kind=done["kind"], who=ctx.work.actor.name
    )
    said = with_next_steps(ctx, andon, said=Card(title=title, tone="good"))
    return answered(ctx, andon, said=said)
