"""上料: a lot into a slot of a station."""

from commands.kit import Context, LotCode, OrderCode, SlotCode, StationName, command
from commands.kit.slot_answers import loaded_card
from commands.kit.stations import meant
from domain.actions import loading
from notifier.card import Card


@command(
    "上料 [<station>] <slot> <lot> [<order>]",
    "装料",
    "上到",
    "挂到",
    "挂料",
    "[<station>] <slot> <lot> [<order>]",
    "[<station>] <slot> 上<lot> [<order>]",
    "[<station>] <lot> 上<slot> [<order>]",
    permission="slot.load",
    group="物料",
    examples=("上料 ST-101 站位3 LOT-0004", "上料 站位3 LOT-0004", "4 号站位上 LOT-0004"),
)
def load(
    ctx: Context, slot: SlotCode, lot: LotCode, station: StationName = "", order: OrderCode = ""
) -> Card:
    """把一盘料上到站位：和 BOM 核对，不对不让上，替代料会提醒，连错三次锁站位；上了岗不用说工位。"""
    done = loading.load(ctx.work, station=meant(ctx, station), slot=slot, lot=lot, order=order)
    return loaded_card(ctx, done)
