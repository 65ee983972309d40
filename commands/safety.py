"""安全: somebody may be hurt."""

from commands.kit import Context, OrderCode, StationName, Text, command
from commands.kit.help_calls import call_for_help
from notifier.card import Card


@command("安全 [<order>] [<station>] [<note>]", group="异常", examples=("安全 地上漏油",))
def safety(ctx: Context, order: OrderCode = "", station: StationName = "", note: Text = "") -> Card:
    """安全问题：不看班次，马上叫人。"""
    return call_for_help(ctx, kind="安全", order=order, station=station, note=note)
