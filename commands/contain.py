"""围堵: the damage is contained, the cause not yet removed."""

from commands.kit import AndonCode, Context, Text, command
from commands.kit.guards import andon_number
from domain.actions import andons
from notifier.card import Card
from notifier.text import _


@command(
    "围堵 <andon> [<note>]", permission="andon.resolve", group="异常", examples=("围堵 A-12 先隔离这批",)
)
def contain(ctx: Context, andon: AndonCode, note: Text = "") -> Card:
    """先把影响围住，原因还没消除。"""
    done = andons.contain(ctx.work, number=andon_number(andon), note=note)
    return Card(title=_("{andon} 已围堵").format(**done), lines=(note,) if note else (), tone="warn")
