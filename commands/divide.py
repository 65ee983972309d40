"""分板: a panel becomes its boards."""

from commands.kit import AnyCode, Context, command, pieces
from domain.actions import units
from notifier.card import Card
from notifier.text import _, listed


@command("分板 <panel> [<codes>]", permission="work.report", group="单件", examples=("分板 SN-1003-0001",))
def divide(ctx: Context, panel: AnyCode, codes: tuple[AnyCode, ...] = ()) -> Card:
    """把一块拼板分成单板；后面可以贴每块的序列号，不贴就自动编。"""
    whole, *rest = pieces.in_order(ctx, [panel, *codes])
    done = units.divide(ctx.work, panel=whole, codes=rest)
    return Card(
        title=_("{panel} 已分成 {count} 块").format(panel=whole, count=done["count"]),
        lines=(
            listed(done["units"][: pieces.SHOWN]),
            _("都在等 {operation}").format(operation=done["operation"]),
        ),
        tone="good",
    )
