"""上岗: the speaker stands at this station from now on."""

from commands.kit import Context, EquipmentName, OperationName, StationName, command
from commands.kit.offers import my_stations
from domain.actions import sign_on as standing
from notifier.card import Button, Card
from notifier.text import _


@command(
    "上岗 <station> [<operation>] [<equipment>]",
    "上线",
    permission="work.sign_on",
    examples=("上岗 ST-201", "上岗 ST-101 EQ-SMT-01"),
    choices={"station": my_stations},
)
def sign_on(
    ctx: Context, station: StationName, operation: OperationName = "", equipment: EquipmentName = ""
) -> Card:
    """在一个工位上岗：以后报的、扫的都记在这里；换工位直接再上岗，一个人只在一处。"""
    done = standing.sign_on(ctx.work, station=station, operation=operation, equipment=equipment)
    lines = [_("工序：{name}").format(name=done["operation"])] if done["operation"] else []
    lines += [_("设备：{name}").format(name=done["equipment"])] if done["equipment"] else []
    lines += [_("已从 {station} 下岗").format(station=done["left"])] if done["left"] else []
    title = _("{name} 已上岗：{station} {station_name}").format(**done)
    buttons = (Button(text=_("下岗"), say="下岗"), *_machines(ctx, done))
    return Card(title=title, lines=tuple(lines), buttons=buttons, tone="good")


def _machines(ctx: Context, done: standing.SignedOn) -> tuple[Button, ...]:
    """Offer the machines of the station where none is bound."""
    here = [it for it in ctx.work.playbook.equipment if it.station == done["station"]]
    if done["equipment"] or not here:
        return ()
    return tuple(Button(text=it.name, say=f"上岗 {done['station']} {it.code}") for it in here[:4])
