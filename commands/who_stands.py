"""谁在岗: who stands at which station."""

from commands.kit import Context, LineName, StationName, command
from domain.queries import sign_ons
from domain.queries.sign_ons import SignOnView
from notifier.card import Card
from notifier.text import _, moment


@command(
    "谁在岗 [<station>] [<line>]",
    "在岗",
    "谁在",
    "谁在上班",
    reads=True,
    permission="order.view",
    examples=("谁在岗", "谁在岗 L2"),
)
def who_stands(ctx: Context, station: StationName = "", line: LineName = "") -> Card:
    """现在谁在哪个工位，做什么工序，用什么设备，几点上的岗。"""
    found = sign_ons.who_stands(ctx.work, line=line, station=station)
    where = station or line
    if not found:
        return Card(title=_("{where} 现在没有人上岗。").format(where=where).strip())
    title = _("{where} 在岗 {count} 人").format(where=where, count=len(found)).strip()
    return Card(title=title, lines=tuple(_line(ctx, it) for it in found))


def _line(ctx: Context, it: SignOnView) -> str:
    since = moment(it.since, ctx.work.playbook.zone, today=ctx.work.now)
    parts = (it.station, it.station_name, it.name, it.operation, it.equipment)
    return _("{what}，{since} 起").format(what=" ".join(part for part in parts if part), since=since)
