"""上岗: the speaker stands at this station from now on."""

from commands.kit import Context, EquipmentName, OperationName, StationName, command
from commands.kit.offers import my_stations
from commands.kit.stations import signed_on
from domain.actions import sign_on as standing
from notifier.card import Card


@command(
    "上岗 <station> [<operation>] [<equipment>]",
    "上线",
    "到岗",
    "上班",
    "我到",
    "我在",
    "我上",
    "换到",
    "我换到",
    "我去",
    "转到",
    permission="work.sign_on",
    examples=("上岗 ST-201", "上岗 ST-101 EQ-SMT-01"),
    choices={"station": my_stations},
)
def sign_on(
    ctx: Context, station: StationName, operation: OperationName = "", equipment: EquipmentName = ""
) -> Card:
    """在一个工位上岗：以后报的、扫的都记在这里；换工位直接再上岗，一个人只在一处。"""
    done = standing.sign_on(ctx.work, station=station, operation=operation, equipment=equipment)
    return signed_on(ctx, done)
