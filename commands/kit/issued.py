"""What is answered when a whole order or requisition was issued: lot by lot, and what there was none of."""

from domain.actions.issuing import IssuedAll
from notifier.card import Card
from notifier.text import _, number


def issued_all(done: IssuedAll) -> Card:
    """Return the answer: which lots went, and which materials are short."""
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
    return Card(title=title, lines=(*lines, *short), tone="warn" if short else "good")
