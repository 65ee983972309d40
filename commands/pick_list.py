"""备料单: what to take for an order, from which lot, at which place."""

from commands.kit import Context, OrderCode, command, issued
from domain.permits import may
from domain.queries.picking import Need, Pick
from domain.queries.picking import pick_list as picked
from notifier.card import Button, Card, Table
from notifier.text import _, moment, number


@command(
    "备料单 <order>",
    "备料",
    "拣料单",
    "要哪些料",
    "要什么料",
    "领什么料",
    "拿什么料",
    "领哪些料",
    reads=True,
    permission="lot.view",
    group="物料",
    examples=("备料单 WO-1003",),
)
def pick_list(ctx: Context, order: OrderCode) -> Card:
    """一张工单还要拿什么料：哪个批次、哪个库位、拿多少；先到期的先拿，给别的工单留的不动。"""
    found, needs = picked(ctx.work, order=order)
    wanted = [need for need in needs if need.open]
    rows = tuple(_row(ctx, need, pick) for need in wanted for pick in need.picks)
    also = issued.loose(ctx, found.code)
    short = [
        _("{material} {name}：缺 {count} {unit}").format(
            material=need.material, name=need.name, count=number(need.missing), unit=need.unit
        )
        for need in wanted
        if need.missing
    ]
    header = (_("料号"), _("批次"), _("库位"), _("数量"), _("说明"))
    return Card(
        title=_("备料单 {order}").format(order=found.code)
        if wanted
        else _("{order} 的料都领齐了").format(order=found.code),
        lines=(*short, *(() if rows else also.lines)),
        table=Table(header=header, rows=(*rows, *also.rows)) if rows else None,
        buttons=_next(ctx, found.code) if rows else (),
        tone="warn" if short else "plain",
    )


def _next(ctx: Context, order: str) -> tuple[Button, ...]:
    """Offer to issue all of it, to who may."""
    allowed = may(ctx.work.actor, "lot.issue", playbook=ctx.work.playbook)
    return (Button(text=_("整单发料"), say=f"整单发料 {order}", style="primary"),) if allowed else ()


def _row(ctx: Context, need: Need, pick: Pick) -> tuple[str, ...]:
    notes = [_("替代 {material}").format(material=need.material)] if pick.alternate else []
    notes += [_("已留")] if pick.mine else []
    if pick.expires_at:
        notes.append(_("{at} 到期").format(at=moment(pick.expires_at, ctx.work.playbook.zone)))
    return (pick.material, pick.lot, pick.place, f"{number(pick.quantity)} {pick.unit}", _("，").join(notes))
