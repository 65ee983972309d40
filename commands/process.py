"""工艺: the process or drawing is wrong."""

from commands.kit import Context, OrderCode, StationName, Text, command
from commands.kit.help_calls import call_for_help
from notifier.card import Card


@command("工艺 [<order>] [<station>] [<note>]", group="异常", examples=("工艺 WO-1001 图纸对不上",))
def process(ctx: Context, order: OrderCode = "", station: StationName = "", note: Text = "") -> Card:
    """工艺问题：马上通知工程部。"""
    return call_for_help(ctx, kind="工艺", order=order, station=station, note=note)
