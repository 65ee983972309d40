"""设备: a machine is down."""

from commands.kit import Context, EquipmentName, OrderCode, StationName, Trouble, command
from commands.kit.help_calls import call_for_help
from notifier.card import Card


@command(
    "设备 [<order>] [<station>] [<machine>] <note>",
    "设备坏了",
    "停机",
    "坏了",
    "机器停了",
    "死机了",
    "不动了",
    "设备 [<order>] <station> [<machine>] [<note>]",
    "设备 [<order>] [<station>] <machine> [<note>]",
    "[<order>] [<station>] <machine> <note>",
    group="异常",
    examples=("设备 ST-201 焊台不热",),
)
def equipment(
    ctx: Context,
    order: OrderCode = "",
    station: StationName = "",
    machine: EquipmentName = "",
    note: Trouble = "",
) -> Card:
    """设备坏了：说哪台、怎么了，马上通知设备部。"""
    return call_for_help(ctx, kind="设备", order=order, station=machine or station, note=note)
