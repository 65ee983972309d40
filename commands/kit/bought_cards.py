"""The cards of purchase lines (PO-n) and complaints (TS-n), by their numbers."""

import re
from typing import Final

from commands.kit.context import Context
from commands.kit.onward import allowed
from domain.errors import NotFound
from domain.queries import bought
from notifier.card import Button, Card
from notifier.text import _, moment, number

_PURCHASE: Final = re.compile(r"PO[-_ ]?(\d{1,12}(?:-\d{1,4})?)")
_COMPLAINT: Final = re.compile(r"TS[-_ ]?(\d{1,6})")


def purchase(ctx: Context, code: str) -> Card:
    """Return the card of a purchase line: what it brings, and who said when; raises NotFound."""
    named = _PURCHASE.fullmatch(code.upper())
    if named is None:
        raise NotFound(kind="purchase_line", code_text=code)
    found = bought.purchase_line(ctx.work, code=f"PO-{named[1]}")
    came = _("{count} {unit}，已到 {received}").format(
        count=number(found.quantity), unit=found.unit, received=number(found.received)
    )
    due = moment(found.promised_at, ctx.work.playbook.zone) if found.promised_at else ""
    said = _("{who} 说 {at} 到").format(who=found.promised_by, at=due) if due else _("还没有说什么时候到")
    left = found.quantity > found.received
    tells = left and allowed(ctx, "purchase.tell")
    return Card(
        title=f"{_('采购行')} {found.code} {found.material} {found.material_name}".rstrip(),
        lines=tuple(filter(None, (came, found.supplier, said if left else "", found.note))),
        buttons=(Button(text=_("改到货时间"), say=f"在途 {found.code}"),) if tells else (),
    )


def is_purchase(code: str) -> bool:
    """Say whether a code looks like the number of a purchase line."""
    return _PURCHASE.fullmatch(code.upper()) is not None


def complaint(ctx: Context, code: str) -> Card:
    """Return the card of a complaint: of whom, about what; raises NotFound."""
    named = _COMPLAINT.fullmatch(code.upper())
    if named is None:
        raise NotFound(kind="complaint", code_text=code)
    found = bought.complaint(ctx.work, number=int(named[1]))
    at = moment(found.recorded_at, ctx.work.playbook.zone)
    by = _("登记的人：{who} {at}").format(who=found.recorded_by, at=at)
    return Card(
        title=f"{_('投诉')} {found.code} {found.thing}",
        lines=tuple(filter(None, (found.customer, found.text, by))),
        buttons=(Button(text=_("追溯"), say=f"追溯 {found.thing}"),),
    )
