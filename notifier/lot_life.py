"""What happened to a lot, as its own history tells it: to which order it went, which order made it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.models.lot import LotStatus
from notifier.alerts import number_of
from notifier.text import _


def told(event_type: str, data: Mapping[str, Any], *, lot: str, what: str) -> str | None:
    """Return what to say of one event of the lot `lot` of the material that `what` begins with.

    None where nothing is to be said of it that a lot has of its own.
    """
    if event_type == "work.reported":
        return _used(data, lot=lot, what=what)
    teller = TOLD.get(event_type)
    return teller(data) if teller else None


def _used(data: Mapping[str, Any], *, lot: str, what: str) -> str | None:
    """A report of an order that used up some of it; what was booked on it otherwise is told as ever."""
    where = f"{data['order']} {data['operation']}"
    for it in data.get("consumed") or ():
        if it["lot"] == lot and what.startswith(it["material"]):
            amount = f"{number_of(it['quantity'])} {it['unit']}"
            return _("{where}，用了 {amount}").format(where=where, amount=amount)
    return None


def _amount(data: Mapping[str, Any]) -> str:
    return f"{number_of(data['quantity'])} {data['unit']}"


def _received(data: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (_amount(data), data.get("supplier"))))


def _gone(data: Mapping[str, Any]) -> str:
    """So much went away; with the last of it what held it ended."""
    said = _amount(data) if data.get("status") == LotStatus.SCRAPPED else _received(data)
    return _("，").join(filter(None, (said, _("冻结到此结束") if data.get("unheld") else "")))


def _inspected(data: Mapping[str, Any]) -> str:
    verdict = _("合格") if data.get("passed") else _("不合格")
    return " ".join(filter(None, (verdict, data.get("note"))))


def _to_order(data: Mapping[str, Any]) -> str:
    return f"{_amount(data)} → {data['order']}"


def _from_order(data: Mapping[str, Any]) -> str:
    return f"{_amount(data)} ← {data['order']}"


def _parted(data: Mapping[str, Any]) -> str:
    return f"{data['lot']} → {data['other']} {_amount(data)}"


def _moved(data: Mapping[str, Any]) -> str:
    return " → ".join(filter(None, (data.get("from_place"), data.get("place"))))


def _counted(data: Mapping[str, Any]) -> str:
    said = _("账上 {expected}，实数 {counted}").format(
        expected=number_of(data["expected"]), counted=_amount(data)
    )
    return " ".join(filter(None, (said, data.get("note"))))


def _loaded(data: Mapping[str, Any]) -> str:
    return f"{data['order']} {data['slot']}"


def _made(data: Mapping[str, Any]) -> str:
    return _("由 {order} 做出").format(order=data["order"])


def _changed(data: Mapping[str, Any]) -> str:
    return str(data["order"])


def _into_piece(data: Mapping[str, Any]) -> str:
    return f"→ {data['unit']}"


TOLD: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "lot.received": _received,
    "lot.inspected": _inspected,
    "lot.issued": _to_order,
    "lot.brought_back": _from_order,
    "lot.split": _parted,
    "lot.merged": _parted,
    "lot.moved": _moved,
    "lot.counted": _counted,
    "lot.adjusted": _counted,
    "lot.sent_back": _gone,
    "lot.scrapped": _gone,
    "slot.loaded": _loaded,
    "slot.exchanged": _loaded,
    "slot.unloaded": _loaded,
    "slot.refused": _loaded,
    "slot.locked": _loaded,
    "unit.assembled": _into_piece,
    "unit.exchanged": _into_piece,
    "order.completed": _made,
    "order.reopened": _changed,
}
