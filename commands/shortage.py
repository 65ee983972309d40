"""缺料: material is missing."""

from commands.kit import Context, OrderCode, StationName, Text, command
from commands.kit.help_calls import call_for_help
from notifier.card import Card


@command(
    "缺料 [<order>] [<station>] [<note>]",
    "没料",
    "缺",
    "快没了",
    "快用完了",
    "用完了",
    "不够用",
    "不够了",
    "没有了",
    group="异常",
    examples=("缺料 WO-1001 探头没了",),
)
def shortage(ctx: Context, order: OrderCode = "", station: StationName = "", note: Text = "") -> Card:
    """缺料：马上通知仓库；没人接会一级一级往上叫。"""
    return call_for_help(ctx, kind="缺料", order=order, station=station, note=note)
