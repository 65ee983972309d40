"""品质: something is wrong with the product."""

from commands.kit import Context, OrderCode, StationName, Text, command
from commands.kit.help_calls import call_for_help
from notifier.card import Card


@command("品质 [<order>] [<station>] [<note>]", "质量", group="异常", examples=("品质 WO-1001 虚焊",))
def quality(ctx: Context, order: OrderCode = "", station: StationName = "", note: Text = "") -> Card:
    """品质问题：马上通知品质部。"""
    return call_for_help(ctx, kind="品质", order=order, station=station, note=note)
