"""盘点: what is really there of a lot."""

from commands.kit import Context, LotCode, Measure, Reason, command
from commands.kit.units import in_unit
from domain.actions import counting
from domain.queries.lots import lot as known
from notifier.card import Card
from notifier.text import _, number


@command(
    "盘点 <lot> <quantity> [<note>]",
    "盘",
    "实际",
    "实数",
    "点了",
    permission="lot.count",
    group="物料",
    examples=("盘点 LOT-0001 298",),
)
def count(ctx: Context, lot: LotCode, quantity: Measure, note: Reason = "") -> Card:
    """盘点一批：说实数，差异单独记一笔；差得多的要另一个人看过。"""
    found = known(ctx.work, code=lot)
    counted = in_unit(quantity, unit=found.unit, of=found.material)
    done = counting.count(ctx.work, lot=lot, counted=counted, note=note)
    more = done["difference"]
    if not more:
        return Card(
            title=_("{lot} 盘点相符：{count} {unit}").format(**done, count=number(counted)), tone="good"
        )
    kind = _("盘盈 {n} {unit}") if more > 0 else _("盘亏 {n} {unit}")
    lines = [
        _("账上 {expected}，实数 {count}").format(expected=number(done["expected"]), count=number(counted))
    ]
    lines += (
        [_("差得多，已请别人看：{approval}").format(approval=done["approval"])] if done["approval"] else []
    )
    return Card(
        title=f"{done['lot']} {kind.format(n=number(abs(more)), unit=done['unit'])}",
        lines=tuple(lines),
        tone="warn",
    )
