"""What a posted code is, and what the reader can do with it: the answer to a scan without a verb."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from commands.kit import bought_cards, clocks, numbered_cards, onward, stations
from commands.kit.context import Context
from commands.kit.deliveries import all_new, new_lot
from commands.kit.once import once
from commands.kit.onward import allowed
from commands.kit.pieces import is_box
from commands.kit.pieces_scanned import container_card, unit_card
from domain import codes
from domain.codes import Ambiguous, Code, Kind, Plain, Unreadable
from domain.errors import NotFound
from domain.models.lot import LotStatus
from domain.queries import andons, lots, orders
from domain.queries.holds import HoldView
from domain.queries.lots import LotView
from notifier import names
from notifier.alerts import andon_card
from notifier.card import Button, Card
from notifier.text import _, moment, number

MOST_LINES: Final = 20
MOST_BUTTONS: Final = 6
MOST_DIGITS: Final = 6


def describe(ctx: Context, text: str) -> Card:
    """Return what a scanned text is, with buttons for what this person may do; unknown ones raw.

    A call for help is made once by one button; the others ask further, or the state refuses them twice.
    """
    card = _read(ctx, text)
    guarded = zip(card.buttons, once(ctx, card.buttons), strict=True)
    return replace(card, buttons=tuple(other if it.style == "danger" else it for it, other in guarded))


def _read(ctx: Context, text: str) -> Card:
    reading = codes.read(text)
    match reading:
        case Code():
            return _known(ctx, reading)
        case Plain():
            return _look_up(ctx, reading.text)
        case Ambiguous():
            return _which(reading)
        case Unreadable():
            return Card(
                title=_("这个码读不懂"),
                lines=(text[:120], _("请再拍一次，或者把号码打出来。")),
                tone="warn",
            )


def overview(ctx: Context, texts: Sequence[str], *, repeated: int) -> Card:
    """Return one card about several codes: what each one is, with a button to go on with it."""
    cards = [(text, describe(ctx, text)) for text in texts[:MOST_LINES]]
    known = [(text, card) for text, card in cards if card.tone != "warn"]
    parts = [_("{count} 个码").format(count=len(texts)), _("认得 {count} 个").format(count=len(known))]
    parts += [_("重复 {count} 个").format(count=repeated)] if repeated else []
    left = len(texts) - len(cards)
    more = (_("……还有 {count} 个没有列出来").format(count=left),) if left else ()
    return Card(
        title=_("，").join(parts),
        lines=(*(" · ".join((card.title, *card.lines[:1])) for _text, card in cards), *more),
        buttons=(
            *all_new([card for _text, card in known]),
            *(Button(text=_name(text), say=_name(text)) for text, _card in known[:MOST_BUTTONS]),
        ),
    )


def _name(text: str) -> str:
    reading = codes.read(text)
    return (reading.lot or reading.value) if isinstance(reading, Code) else text[:60]


def _known(ctx: Context, code: Code) -> Card:
    match code.kind:
        case Kind.ORDER:
            return _order(ctx, code.value)
        case Kind.LOT | Kind.PART if code.lot or code.kind is Kind.LOT:
            return _label(ctx, code)
        case Kind.SERIAL:
            return _look_up(ctx, code.serial or code.value)
        case _:
            return _look_up(ctx, code.value)


def _look_up(ctx: Context, text: str) -> Card:
    """Try what a bare text may name: an order, a lot, a number of the house, a station, a material."""
    house = numbered_cards.of_house
    first = (_order, unit_card, container_card, _lot, _andon, house, bought_cards.purchase)
    for attempt in (*first, _place, _material, bought_cards.complaint):
        try:
            return attempt(ctx, text.upper())
        except NotFound:
            continue
    if text.upper().startswith(ctx.work.playbook.codes.order.upper()):
        raise NotFound(kind="order", code_text=text[:60])
    if kind := _numbered(ctx, text):
        raise NotFound(kind=kind, code_text=text[:60].upper())
    if is_box(ctx, text):
        raise NotFound(kind="container", code_text=text[:60])
    return Card(
        title=_("没有登记过「{text}」").format(text=text[:60]),
        lines=(_("如果是新到的料，发：收料 料号 {text} 数量").format(text=text[:60]),),
        buttons=(Button(text=_("收料"), say=f"收料 {text[:60]}"),) if allowed(ctx, "lot.receive") else (),
        tone="warn",
    )


def _numbered(ctx: Context, text: str) -> str:
    """Return what kind of thing has such a number; empty where numbers of the house look otherwise."""
    if _andon_number(ctx, text.upper()) is not None:
        return "andon"
    return "purchase_line" if bought_cards.is_purchase(text) else numbered_cards.kind_of(text)


def _andon(ctx: Context, code: str) -> Card:
    number = _andon_number(ctx, code)
    if number is None:
        raise NotFound(kind="andon", code_text=code)
    return andon_card(ctx.work, andons.numbered(ctx.work, number))


def _andon_number(ctx: Context, code: str) -> int | None:
    number = code.removeprefix(ctx.work.playbook.codes.andon.upper())
    fits = number != code and number.isdecimal() and len(number) <= MOST_DIGITS
    return int(number) if fits else None


def _place(ctx: Context, code: str) -> Card:
    """A station or a machine: what can happen there."""
    book = ctx.work.playbook
    known = [(_("工位"), it.code, it.name) for it in book.stations]
    known += [(_("设备"), it.code, it.name) for it in book.equipment]
    for kind, own, name in known:
        if own.upper() == code:
            is_station = kind == _("工位")
            first = stations.buttons(ctx, own) if is_station else ()
            button = Button(text=_("设备坏了"), say=f"设备 {own}", style="danger")
            lines = tuple(stations.lines(ctx, own)) if is_station else ()
            return Card(title=f"{kind} {own} {name}", lines=lines, buttons=(*first, button))
    raise NotFound(kind="station", code_text=code)


def _material(ctx: Context, code: str) -> Card:
    found = lots.stock(ctx.work, material=code)
    lines = [
        _("{lot} {state}，现有 {count} {unit}").format(
            lot=it.code, state=names.status("lot", it.status), count=number(it.on_hand), unit=it.unit
        )
        for it in found.lots
    ]
    say = f"收料 {found.code}"
    receive = (Button(text=_("收料"), say=say),) if allowed(ctx, "lot.receive") else ()
    return Card(
        title=f"{_('物料')} {found.code} {found.name}",
        lines=tuple(lines) or (_("现在没有库存。"),),
        buttons=receive,
    )


def _order(ctx: Context, code: str) -> Card:
    found = orders.order(ctx.work, code=code)
    at = found.at
    hold = onward.held(ctx, kind="order", ref=found.id)
    moves = onward.unholding(ctx, hold.code) if hold else onward.order_buttons(ctx, found)
    where_is = Button(text=_("到哪了"), say=f"{code} 到哪了")
    trace = Button(text=_("追溯"), say=f"追溯 {code}")
    left = number(at.left + at.open_rework) if at else ""
    where = [_("{operation} 剩 {left}").format(operation=at.name, left=left)] if at else []
    return Card(
        title=f"{_('工单')} {code} · {names.status('order', found.status)}",
        lines=(
            f"{found.product} {found.product_name} × {number(found.quantity)} {found.unit}",
            *filter(None, [names.order_kind(found.kind)]),
            *where,
            *((onward.held_line(ctx, hold),) if hold else ()),
        ),
        buttons=(*moves, where_is, *onward.shortage(found), trace),
    )


def _lot(ctx: Context, code: str) -> Card:
    found = lots.lot(ctx.work, code=code)
    lines = [f"{found.material} {found.material_name}"]
    lines.append(_("现有 {count} {unit}").format(count=number(found.on_hand), unit=found.unit))
    lines += [_("库位：{place}").format(place=found.place)] if found.place else []
    if found.expires_at:
        zone = ctx.work.playbook.zone
        lines.append(_("有效期至 {at}").format(at=moment(found.expires_at, zone)))
    lines += clocks.lines(ctx, found.code)
    hold = onward.held(ctx, kind="lot", ref=found.id)
    lines += [onward.held_line(ctx, hold)] if hold else []
    return Card(
        title=f"{_('批次')} {found.code} · {names.status('lot', found.status)}",
        lines=tuple(lines),
        buttons=tuple(_lot_buttons(ctx, found, hold)),
    )


def _lot_buttons(ctx: Context, found: LotView, hold: HoldView | None) -> list[Button]:
    buttons: list[Button] = []
    if hold or found.status is LotStatus.QUARANTINED:
        buttons += onward.unholding(ctx, hold.code) if hold else ()
    elif found.status is LotStatus.IN_INSPECTION and allowed(ctx, "lot.inspect"):
        buttons.append(Button(text=_("合格"), say=f"检验 {found.say} 合格", style="primary"))
        buttons.append(Button(text=_("不合格"), say=f"检验 {found.say} 不合格", style="danger"))
    elif found.status is LotStatus.REJECTED and found.on_hand and allowed(ctx, "lot.return"):
        buttons.append(Button(text=_("退供应商"), say=f"退供 {found.say}", style="primary"))
    elif _is_usable(ctx, found) and allowed(ctx, "lot.issue"):
        buttons.append(Button(text=_("发料"), say=f"发料 {found.say}", style="primary"))
    if found.on_hand:
        buttons += clocks.buttons(ctx, thing=found.code, material=found.material, say=found.say)
    return [*buttons, Button(text=_("追溯"), say=f"追溯 {found.say}")]


def _is_usable(ctx: Context, found: LotView) -> bool:
    fresh = found.expires_at is None or found.expires_at > ctx.work.now
    return found.status is LotStatus.RELEASED and fresh and found.on_hand > 0


def _label(ctx: Context, code: Code) -> Card:
    """A delivery label: the lot if it is here, else the sentence that receives it."""
    lot = code.lot or code.value
    ours = code.material.upper() in ctx.vocabulary.names("material")
    try:
        return _lot(ctx, f"{code.material}/{lot}".upper() if ours else lot.upper())
    except NotFound:
        return new_lot(ctx, code)


def _which(reading: Ambiguous) -> Card:
    return Card(
        title=_("这个码有几种读法，是哪一个？"),
        buttons=tuple(Button(text=it.value[:20], say=it.value) for it in reading.candidates[:5]),
        tone="warn",
    )
