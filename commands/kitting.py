"""齐套: whether an order's material is complete, and who has not said when the rest comes."""

from commands.kit import Context, OrderCode, command
from domain.actions import shortage
from domain.queries.shortage import Gap, Kit, Promise
from notifier.card import Card
from notifier.text import _, listed, moment, number


@command(
    "齐套 <order>",
    "缺料表",
    "料齐了",
    "料齐",
    "缺什么料",
    "缺哪些料",
    "缺啥料",
    "料齐了没",
    "料齐了吗",
    "料齐不齐",
    "料够不够",
    "料够吗",
    "料够了吗",
    "料到齐了吗",
    "齐套了吗",
    "齐套了没",
    permission="order.view",
    group="物料",
    examples=("齐套 WO-1003",),
)
def kitting(ctx: Context, order: OrderCode) -> Card:
    """一张工单的料齐不齐：缺口、库存、待检、在途放在一起，谁什么时候说过什么；只问没说的那一方。"""
    found, sides = shortage.check(ctx.work, order=order)
    lines = [line for gap in found.gaps if gap.missing for line in _lines(ctx, gap)]
    asked = [{"quality": _("品质部"), "purchasing": _("采购部")}[side] for side in sides]
    lines += [_("已去问：{sides}").format(sides=listed(asked))] if asked else []
    return Card(title=_title(ctx, found), lines=tuple(lines), tone="good" if found.complete else "warn")


def _title(ctx: Context, found: Kit) -> str:
    if found.complete:
        return _("{order} 的料齐了，现在就能开工").format(order=found.order.code)
    if found.starts_at is None:
        return _("{order} 的料不齐，什么时候能开工还说不准").format(order=found.order.code)
    at = moment(found.starts_at, ctx.work.playbook.zone)
    return _("{order} 的料不齐，最早 {at} 能开工").format(order=found.order.code, at=at)


def _lines(ctx: Context, gap: Gap) -> list[str]:
    head = _("{material} {name}：缺 {missing} {unit}（要 {short}，库存 {stock}，待检 {waiting}）").format(
        material=gap.material,
        name=gap.name,
        missing=number(gap.missing),
        unit=gap.unit,
        short=number(gap.short),
        stock=number(gap.in_stock),
        waiting=number(gap.inspecting),
    )
    lots = [_("　待检：{lots}").format(lots=listed(gap.lots))] if gap.lots else []
    return [head, *lots, *(_promise(ctx, gap, it) for it in gap.coming)]


def _promise(ctx: Context, gap: Gap, it: Promise) -> str:
    zone = ctx.work.playbook.zone
    count = f"{number(it.quantity)} {gap.unit}"
    if it.promised_at is None or it.said_at is None:
        return _("　在途 {code} {count}：没有说什么时候到").format(code=it.code, count=count)
    said = {"who": it.promised_by, "said": moment(it.said_at, zone), "at": moment(it.promised_at, zone)}
    return _("　在途 {code} {count}：{who} {said} 说 {at} 到").format(code=it.code, count=count, **said)
