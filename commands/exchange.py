"""换料: another lot in the place of the one in a slot."""

from commands.kit import Context, LotCode, Measure, Reason, SlotCode, StationName, command
from commands.kit.slot_answers import loaded_card
from commands.kit.stations import meant
from domain.actions import loading
from notifier.card import Card


@command(
    "换料 [<station>] <slot> <lot> [余<left>] [<reason>]",
    "接料",
    "[<station>] <lot> 换到<slot> [余<left>]",
    "换上",
    "换",
    permission="slot.load",
    group="物料",
    examples=("换料 站位3 LOT-0005", "换料 ST-101 站位3 LOT-0005 余 120"),
)
def exchange(
    ctx: Context,
    slot: SlotCode,
    lot: LotCode,
    station: StationName = "",
    left: Measure | None = None,
    reason: Reason = "",
) -> Card:
    """站位上换一盘料，不停产：没报的件数先从旧盘扣；旧盘没用完的说「余 120」。"""
    rest = left.number if left else None
    done = loading.exchange(
        ctx.work, station=meant(ctx, station), slot=slot, lot=lot, left=rest, reason=reason
    )
    return loaded_card(ctx, done)
