"""人员: people are missing."""

from commands.kit import Context, OrderCode, StationName, Text, command
from commands.kit.help_calls import call_for_help
from notifier.card import Card


@command("人员 [<order>] [<station>] [<note>]", "缺人", group="异常", examples=("人员 少两个人",))
def staffing(ctx: Context, order: OrderCode = "", station: StationName = "", note: Text = "") -> Card:
    """人手问题：马上通知生产部。"""
    return call_for_help(ctx, kind="人员", order=order, station=station, note=note)
