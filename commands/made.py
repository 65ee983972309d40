"""做了多少: what an order made on one day, or in one shift; all of it where neither is said."""

import re
from dataclasses import replace
from typing import Final

from commands.kit import Context, GoneDay, OrderCode, ShiftName, command, progress, stretches
from domain.queries import figures, orders
from notifier.card import Button, Card, Table
from notifier.text import _, number

LONGER: Final = re.compile("[这本上]个?(?:周|星期|礼拜|月)")


@command(
    "<order> 做了多少 [<day>] [<shift>]",
    "做多少了",
    "做了几个",
    "做了几件",
    "报了多少",
    "完成多少",
    "完成了多少",
    "<order> <day>产量",
    "<order> <shift>产量 [<day>]",
    reads=True,
    permission="order.view",
    examples=("WO-1001 昨天做了多少", "WO-1001 昨天夜班做了多少"),
)
def made(ctx: Context, order: OrderCode, day: GoneDay | None = None, shift: ShiftName = "") -> Card:
    """工单在某一天、某一班报了多少，按工序分良品和报废；不说哪一天就是到现在一共做了多少。"""
    if day is None and not shift:
        standing = progress.card(ctx, order)
        return replace(standing, lines=(*_not_by_week(ctx), *standing.lines))
    found = orders.order(ctx.work, code=order)
    now = Button(text=_("到哪了"), say=f"{found.code} 到哪了")
    meant = stretches.stretch(ctx, day=day, shift=shift)
    when = stretches.called(meant)
    if meant.begins > ctx.work.now:
        return Card(title=_("{when} 还没有到，没有报工").format(when=when), tone="warn", buttons=(now,))
    output = figures.output(ctx.work, since=meant.begins, until=meant.ends, order_id=found.id)
    rows = tuple((it.operation, number(it.good), number(it.scrap), number(it.rework)) for it in output)
    title = _("{order} {when} 的报工") if rows else _("{order} {when} 没有报工")
    return Card(
        title=title.format(order=found.code, when=when),
        lines=(f"{found.product} {found.product_name}", stretches.span(ctx, meant)),
        table=Table(header=(_("工序"), _("良"), _("废"), _("返")), rows=rows) if rows else None,
        buttons=() if rows else (now,),
    )


def _not_by_week(ctx: Context) -> tuple[str, ...]:
    """Say that what was asked of a week or a month is answered by all there is."""
    return (_("没有按周、按月的数，下面是到现在一共做的。"),) if LONGER.search(ctx.said) else ()
