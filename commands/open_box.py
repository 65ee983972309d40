"""开箱: a closed box is opened again, for a reason."""

from commands.kit import AnyCode, Context, Reason, command, pieces
from domain.actions import containers
from notifier.card import Card
from notifier.text import _


@command("开箱 <box> <reason>", permission="unit.pack", group="箱和出货", examples=("开箱 BOX-1 抽检",))
def open_box(ctx: Context, box: AnyCode, reason: Reason) -> Card:
    """把封好的箱子重新打开，要说原因，标签作废。"""
    done = containers.reopen(ctx.work, container=pieces.scanned([box])[0], reason=reason)
    return Card(title=_("{container} 已开箱：{reason}，标签作废").format(**done), tone="warn")
