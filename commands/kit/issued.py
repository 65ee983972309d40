"""What is answered when a whole order or requisition was issued: lot by lot, and what there was none of."""

from dataclasses import dataclass

from commands.kit.context import Context
from domain.actions.issuing import IssuedAll
from domain.queries import picking
from notifier.card import Card
from notifier.text import _, listed, number


def issued_all(done: IssuedAll, *, also: tuple[str, ...] = ()) -> Card:
    """Return the answer: which lots went, which materials are short, and what goes along without a lot."""
    short = tuple(
        _("{material} {name}：缺 {count} {unit}").format(
            material=it.material, name=it.name, count=number(it.missing), unit=it.unit
        )
        for it in done.short
    )
    if not done.picks:
        title = _("{order} 没有料可发") if short else _("{order} 的料都领齐了")
        return Card(title=title.format(order=done.asked), lines=short, tone="warn" if short else "plain")
    lines = tuple(f"{it.lot} {it.material} {number(it.quantity)} {it.unit}" for it in done.picks)
    title = _("{order} 已发 {count} 批").format(order=done.order, count=len(done.picks))
    return Card(title=title, lines=(*lines, *short, *also), tone="warn" if short else "good")


@dataclass(frozen=True, kw_only=True)
class LooseLines:
    """What goes with the rest without a lot, as lines and as rows of a pick list."""

    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def loose(ctx: Context, order: str) -> LooseLines:
    """Return what an order takes of materials of which no lots are kept."""
    found = picking.loose(ctx.work, order=order)
    said = listed(f"{it.material} {it.name} {number(it.quantity)} {it.unit}" for it in found)
    return LooseLines(
        lines=(_("不管批次，一起拿：{what}").format(what=said),) if found else (),
        rows=tuple((it.material, "", "", f"{number(it.quantity)} {it.unit}", _("不管批次")) for it in found),
    )
