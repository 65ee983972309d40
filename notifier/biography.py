"""One line of a thing's history: when, who, what, by which message; voids and make-ups are marked."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.queries.history import Entry, Page
from notifier import lot_life, names, order_cards
from notifier.alerts import number_of
from notifier.text import _, listed, moment

FEW: Final = 4


def line(entry: Entry, *, of: Page, zone: ZoneInfo) -> str:
    """Write one event of a thing: 03-02 13:05 张伟 报工 焊接 良 50，废 2 （一车间 #12）（已由 #13 撤销）."""
    did = str(entry.data.get("did") or entry.who) or _("班长")
    said = [moment(entry.at, zone), did, names.act(entry.type), _details(entry, of, zone)]
    said += [f"（{entry.said_in} #{entry.number}）"] if entry.number else []
    return " ".join(filter(None, said)) + "".join(_marks(entry, zone))


def _marks(entry: Entry, zone: ZoneInfo) -> list[str]:
    marks = []
    if entry.voided > 0:
        marks.append(_("（已由 #{number} 撤销）").format(number=entry.voided))
    elif entry.voided:
        marks.append(_("（已撤销）"))
    if entry.made_up:
        marks.append(_("（补录于 {at}）").format(at=moment(entry.recorded_at, zone)))
    if entry.data.get("did"):
        marks.append(_("（{who} 批准）").format(who=entry.who))
    return marks


def _details(entry: Entry, of: Page, zone: ZoneInfo) -> str:
    own = of.kind == "lot"
    told = lot_life.told(entry.type, entry.data, lot=of.code, what=of.what) if own else None
    if told is None and (dated := DATED.get(entry.type)):
        told = dated(entry.data, zone=zone)
    if told is None:
        told = TOLD.get(entry.type, _anything)(entry.data)
    reason = str(entry.data.get("reason") or "")
    return _("，").join(filter(None, (told, reason)))


def _anything(data: Mapping[str, Any]) -> str:
    """What names the further things of an event that has no way of its own."""
    return " ".join(
        str(data[name]) for name in ("operation", "lot", "andon", "number", "text") if data.get(name)
    )


def _reported(data: Mapping[str, Any]) -> str:
    counts = (("good", _("良 {n}")), ("scrap", _("废 {n}")), ("rework", _("返 {n}")))
    said = [text.format(n=number_of(data[name])) for name, text in counts if float(data[name])]
    return f"{data['operation']} {_('，').join(said)}"


def _sent_out(data: Mapping[str, Any]) -> str:
    return f"{data['operation']} {number_of(data['quantity'])} {data['unit']} → {data['supplier']}"


def _skipped(data: Mapping[str, Any]) -> str:
    return str(data["operation"])


def _drafted(data: Mapping[str, Any]) -> str:
    said = f"{data['product']} × {number_of(data['quantity'])} {data['unit']}"
    if data.get("parent"):
        return _("{what}，给 {parent} 用").format(what=said, parent=data["parent"])
    if data.get("rework_of"):
        return _("{what}，返工 {order}").format(what=said, order=data["rework_of"])
    return said


def _issued(data: Mapping[str, Any]) -> str:
    return f"{data['lot']} {data['material']} {number_of(data['quantity'])} {data['unit']}"


def _packed(data: Mapping[str, Any]) -> str:
    things = listed(list(data["things"])[:FEW])
    more = _(" 等 {count} 个码").format(count=data["count"]) if int(data["count"]) > FEW else ""
    holds = _("箱里共 {holds} 件").format(holds=number_of(data["holds"]))
    return _("，").join(filter(None, (f"{data['container']} {things}{more}".strip(), holds)))


def _shipped(data: Mapping[str, Any]) -> str:
    things = listed(list(data["things"])[:FEW]) + (_(" 等") if len(data["things"]) > FEW else "")
    return f"{data['shipment']} {data['customer']} {things}".strip()


def _returned(data: Mapping[str, Any]) -> str:
    back = _("{count} 件").format(count=number_of(data.get("holds", data["count"])))
    return f"{_shipped(data)} {back}".strip()


def _scrapped(data: Mapping[str, Any]) -> str:
    return _("冻结到此结束") if data.get("unheld") else ""


def _voided(data: Mapping[str, Any]) -> str:
    return names.act(str(data.get("type", "")))


def _rerouted(data: Mapping[str, Any]) -> str:
    return _("{after} 后面加 {added}，第 {version} 版").format(**data)


def _rebilled(data: Mapping[str, Any]) -> str:
    return _("{material} 每件 {quantity}，第 {version} 版").format(
        material=data["material"], quantity=number_of(data["quantity"]), version=data["version"]
    )


TOLD: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "order.drafted": _drafted,
    "work.reported": _reported,
    "work.sent_out": _sent_out,
    "work.skipped": _skipped,
    "lot.issued": _issued,
    "container.packed": _packed,
    "container.unpacked": _packed,
    "container.closed": _packed,
    "container.reopened": _packed,
    "shipment.shipped": _shipped,
    "shipment.returned": _returned,
    "unit.scrapped": _scrapped,
    "act.voided": _voided,
    "route.changed": _rerouted,
    "bom.changed": _rebilled,
}
DATED: Final[dict[str, Callable[..., str]]] = {"order.rescheduled": order_cards.dates}
"""Events whose telling needs the zone of the plant: (data, zone=)."""
