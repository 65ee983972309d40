"""What a posted code is, and what the reader can do with it: the answer to a scan without a verb."""

from commands.kit.context import Context
from domain import codes
from domain.codes import Ambiguous, Code, Kind, Plain, Unreadable
from domain.errors import NotFound
from domain.models.material import LotStatus
from domain.models.work_order import OPEN_ORDER
from domain.permits import may
from domain.queries import lots, orders
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, moment, number


def describe(ctx: Context, text: str) -> Card:
    """Return what a scanned text is, with buttons for what this person may do; unknown ones raw."""
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


def _known(ctx: Context, code: Code) -> Card:
    match code.kind:
        case Kind.ORDER:
            return _order(ctx, code.value)
        case Kind.LOT | Kind.PART if code.lot or code.kind is Kind.LOT:
            return _label(ctx, code)
        case Kind.STATION:
            return _named(_("工位"), ctx.work.playbook.station(code.value).name, f"设备 {code.value}")
        case _:
            return _look_up(ctx, code.value)


def _look_up(ctx: Context, text: str) -> Card:
    """Try what a bare text may name: an order, a lot, a station, a material."""
    for attempt in (_order, _lot):
        try:
            return attempt(ctx, text.upper())
        except NotFound:
            continue
    station = next((it for it in ctx.work.playbook.stations if text.upper() == it.code.upper()), None)
    if station is not None:
        return _named(_("工位"), station.name, f"设备 {station.code}")
    return Card(
        title=_("没有登记过「{text}」").format(text=text[:60]),
        lines=(_("如果是新到的料，发：收料 料号 {text} 数量").format(text=text[:60]),),
        buttons=(Button(text=_("收料"), say=f"收料 {text[:60]}"),) if _may(ctx, "lot.receive") else (),
        tone="warn",
    )


def _order(ctx: Context, code: str) -> Card:
    found = orders.order(ctx.work, code=code)
    at = found.at
    buttons = [Button(text=_("到哪了"), say=f"{code} 到哪了")]
    if found.status in OPEN_ORDER and at and _may(ctx, "work.report"):
        buttons.insert(
            0, Button(text=f"{_('报工')} {at.name}", say=f"报工 {code} {at.name}", style="primary")
        )
    if found.status in OPEN_ORDER:
        buttons.append(Button(text=_("缺料"), say=f"缺料 {code}", style="danger"))
    if found.status == "draft" and _may(ctx, "order.release"):
        buttons.insert(0, Button(text=_("下达"), say=f"下达 {code}", style="primary"))
    buttons.append(Button(text=_("追溯"), say=f"追溯 {code}"))
    left = number(at.left + at.open_rework) if at else ""
    where = [_("{operation} 剩 {left}").format(operation=at.name, left=left)] if at else []
    return Card(
        title=f"{_('工单')} {code} · {names.status('order', found.status)}",
        lines=(f"{found.product} {found.product_name} × {number(found.quantity)} {found.unit}", *where),
        buttons=tuple(buttons),
    )


def _lot(ctx: Context, code: str) -> Card:
    found = lots.lot(ctx.work, code=code)
    lines = [f"{found.material} {found.material_name}"]
    lines.append(_("现有 {count} {unit}").format(count=number(found.on_hand), unit=found.unit))
    if found.expires_at:
        zone = ctx.work.playbook.zone
        lines.append(_("有效期至 {at}").format(at=moment(found.expires_at, zone)))
    return Card(
        title=f"{_('批次')} {code} · {names.status('lot', found.status)}",
        lines=tuple(lines),
        buttons=tuple(_lot_buttons(ctx, found)),
    )


def _lot_buttons(ctx: Context, found: lots.LotView) -> list[Button]:
    buttons = []
    if found.status is LotStatus.IN_INSPECTION and _may(ctx, "lot.inspect"):
        buttons.append(Button(text=_("合格"), say=f"检验 {found.code} 合格", style="primary"))
        buttons.append(Button(text=_("不合格"), say=f"检验 {found.code} 不合格", style="danger"))
    if found.status is LotStatus.RELEASED and _may(ctx, "lot.issue"):
        buttons.append(Button(text=_("发料"), say=f"发料 {found.code}", style="primary"))
    return [*buttons, Button(text=_("追溯"), say=f"追溯 {found.code}")]


def _label(ctx: Context, code: Code) -> Card:
    """A delivery label: the lot if it is here, else the sentence that receives it."""
    lot = code.lot or code.value
    try:
        return _lot(ctx, lot.upper())
    except NotFound:
        material = code.material or code.supplier_part
        count = f" {number(code.quantity)}".replace(",", "") if code.quantity else ""
        lines = [_("料号：{material}").format(material=material)] if material else []
        lines += [_("数量：{count}").format(count=number(code.quantity))] if code.quantity else []
        say = " ".join(f"收料 {material} {lot}{count}".split())
        receive = (Button(text=_("收料"), say=say, style="primary"),) if _may(ctx, "lot.receive") else ()
        return Card(title=_("新到的批次 {lot}").format(lot=lot), lines=tuple(lines), buttons=receive)


def _which(reading: Ambiguous) -> Card:
    return Card(
        title=_("这个码有几种读法，是哪一个？"),
        buttons=tuple(Button(text=it.value[:20], say=it.value) for it in reading.candidates[:5]),
        tone="warn",
    )


def _named(kind: str, name: str, call: str) -> Card:
    return Card(title=f"{kind} {name}", buttons=(Button(text=_("设备坏了"), say=call, style="danger"),))


def _may(ctx: Context, permission: str) -> bool:
    return may(ctx.work.actor, permission, playbook=ctx.work.playbook)
