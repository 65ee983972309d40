"""卸料: the lot is taken out of a slot."""

from commands.kit import Context, Measure, Reason, SlotCode, StationName, command
from commands.kit.slot_answers import rest_lines
from commands.kit.stations import meant
from domain.actions import loading
from notifier.card import Card
from notifier.text import _


@command(
    "卸料 [<station>] <slot> [余<left>] [<reason>]",
    "下料",
    "卸",
    "卸下来",
    "卸下",
    "拿下来",
    "撤下来",
    permission="slot.load",
    group="物料",
    examples=("卸料 ST-101 站位3",),
)
def unload(
    ctx: Context,
    slot: SlotCode,
    station: StationName = "",
    left: Measure | None = None,
    reason: Reason = "",
) -> Card:
    """把站位上的料卸下来；没用完的说「余 120」，没报的件数按它扣。"""
    rest = left.number if left else None
    done = loading.unload(ctx.work, station=meant(ctx, station), slot=slot, left=rest, reason=reason)
    return Card(title=_("站位 {slot} 的 {lot} 已卸下").format(**done), lines=rest_lines(done), tone="good")
