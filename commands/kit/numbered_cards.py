"""The cards of what has a number of the house, as they stand now: what each is, and its buttons."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from commands.kit.context import Context
from commands.kit.numbers import in_code
from commands.kit.onward import allowed
from domain.errors import NotFound
from domain.models.container import ShipmentStatus
from domain.models.finding import FindingKind, FindingStatus
from domain.queries import approvals, findings, handovers, requisitions, reviews, shipments
from domain.queries.approvals import ApprovalView
from domain.queries.contents import Amount
from domain.queries.findings import FindingView
from notifier import floor, names, supplies
from notifier.card import Button, Card
from notifier.text import _, listed, moment, number

SHOWN: Final = 8
MOST_DIGITS: Final = 6


def approval(ctx: Context, code: str) -> Card:
    """Return the card of the approval SP-n; raises NotFound."""
    return floor.approval_card(ctx.work, approvals.numbered(ctx.work, in_code(code)))


def deciding(found: ApprovalView, *, named: bool) -> tuple[Button, ...]:
    """Return the buttons by which an approval is decided; `named`: each says of which."""
    return floor.approval_buttons(found, named=named)


def handover(ctx: Context, code: str) -> Card:
    """Return the card of the hand-over JB-n; raises NotFound."""
    return floor.handover_card(ctx.work, handovers.numbered(ctx.work, in_code(code)))


def review(ctx: Context, code: str) -> Card:
    """Return the card of the review NCR-n; raises NotFound."""
    return floor.review_card(ctx.work, reviews.numbered(ctx.work, in_code(code)))


def requisition(ctx: Context, code: str) -> Card:
    """Return the card of the requisition LL-n; raises NotFound."""
    found = requisitions.numbered(ctx.work, in_code(code))
    standing = requisitions.standing(ctx.work, requisition_id=found)
    card = supplies.requisition(standing, key=f"requisition-{found}")
    whole = Button(text=_("整单发料"), say=f"整单发料 {standing['requisition']}")
    return replace(card, buttons=(*card.buttons, whole)) if card.buttons else card


def finding(ctx: Context, code: str) -> Card:
    """Return the card of the finding QS-n: what lacks, who knows, how it ended; raises NotFound."""
    found = findings.numbered(ctx.work, in_code(code))
    is_open = found.status is FindingStatus.OPEN
    return Card(
        title=f"{_('缺口')} {found.code} {found.order} · {names.status('finding', found.status)}",
        lines=tuple(filter(None, _lacks(found))),
        buttons=_answers(ctx, found) if is_open else (),
        tone="warn" if is_open else "good",
    )


def _lacks(found: FindingView) -> list[str]:
    which = listed(found.units[:SHOWN]) + (_(" 等") if len(found.units) > SHOWN else "")
    if found.kind is FindingKind.SKIPPED_STEP:
        lacks = _("{count} 件没有过 {operation}").format(count=len(found.units), operation=found.what)
    else:
        lacks = _("缺 {what}").format(what=found.what)
    seen = _("{who} 在 {operation} 看到的").format(who=found.seen_by, operation=found.seen)
    ended = _("{who}：{text}").format(who=found.answerer, text=found.reason)
    return [
        lacks,
        which,
        seen if found.seen else "",
        _("问的是：{who}").format(who=found.asked_name) if found.asked_name else "",
        ended if found.reason else "",
    ]


def _answers(ctx: Context, found: FindingView) -> tuple[Button, ...]:
    if found.kind is not FindingKind.SKIPPED_STEP:
        return (Button(text=_("完整性"), say=f"完整性 {found.order}"),)
    if found.asked != ctx.work.actor.job_number and not allowed(ctx, "work.makeup"):
        return ()
    return (
        Button(text=_("漏扫"), say=f"漏扫 {found.code}", style="primary"),
        Button(text=_("合并做了"), say=f"合并做了 {found.code}"),
        Button(text=_("没做"), say=f"没做 {found.code}", style="danger"),
    )


def shipment(ctx: Context, code: str) -> Card:
    """Return the card of the shipment CH-n: who got it, when, what is in it; raises NotFound."""
    found = shipments.shipment(ctx.work, code=code)
    zone = ctx.work.playbook.zone
    when = _("{at} 出货").format(at=moment(found.shipped_at, zone)) if found.shipped_at else ""
    things = listed(found.things[:SHOWN]) + (_(" 等") if len(found.things) > SHOWN else "")
    back = found.status is ShipmentStatus.SHIPPED and allowed(ctx, "unit.ship")
    return Card(
        title=f"{_('出货单')} {found.code} · {names.status('shipment', found.status)}",
        lines=tuple(filter(None, (f"{found.customer} {when}".strip(), things, *holding(found.content)))),
        buttons=(
            Button(text=_("单件清单"), say=f"单件清单 {found.code}"),
            Button(text=_("追溯"), say=f"追溯 {found.code}"),
            *((Button(text=_("客户退货"), say=f"客户退货 {found.code}"),) if back else ()),
        ),
    )


def holding(content: tuple[Amount, ...]) -> list[str]:
    """Say how much of which order there is."""
    return [f"{it.order} {it.product}：{number(it.quantity)} {it.unit}" for it in content]


Maker = Callable[[Context, str], Card]
HOUSE: Final[Mapping[str, tuple[str, Maker, str]]] = MappingProxyType(
    {
        "NCR": ("nonconformance", review, "review.judge"),
        "SP": ("approval", approval, "work.approve"),
        "JB": ("handover", handover, "shift.handover"),
        "LL": ("requisition", requisition, "lot.issue"),
        "QS": ("finding", finding, ""),
        "CH": ("shipment", shipment, ""),
    }
)
"""Numbers that the house gives: what kind of thing has them, its card, what pressing its buttons needs."""
_NUMBER = re.compile(rf"({'|'.join(HOUSE)})[-_ ]?(\d{{1,{MOST_DIGITS}}})")


def of_house(ctx: Context, code: str) -> Card:
    """Return the card of what has this number of the house, buttons for who may; raises NotFound.

    It is an answer of its own: the card by which the thing was told of stays where it is.
    """
    prefix, digits = _parts(code)
    if not prefix:
        raise NotFound(kind="code", code_text=code)
    _kind, make, needs = HOUSE[prefix]
    card = replace(make(ctx, f"{prefix}-{int(digits)}"), key="")
    return card if not needs or allowed(ctx, needs) else replace(card, buttons=())


def kind_of(code: str) -> str:
    """Return the kind of thing that has such a number; empty where it is no number of the house."""
    prefix, _digits = _parts(code)
    return HOUSE[prefix][0] if prefix else ""


def _parts(code: str) -> tuple[str, str]:
    found = _NUMBER.fullmatch(code.upper())
    return (found[1], found[2]) if found else ("", "")
