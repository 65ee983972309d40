"""设备: a machine is down."""

from commands.kit import Context, OrderCode, StationName, Text, command
from commands.kit.help_calls import call_for_help
from notifier.card import Card


@command(
    "设备 [<order>] [<station>] [<note>]",
    "设备坏了",
    "停机",
    group="异常",
    examples=("设备 ST-201 焊台不热",),
)
def equipment(ctx: Context, order: OrderCode = "", station: StationName = "", note: Text = "") -> Card:
    """设备坏了：马上通知设备部。"""
    return call_for_help(ctx, kind="设备", order=order, station=station, note=note)
