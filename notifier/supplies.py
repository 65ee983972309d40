"""The cards by which departments hear of holds, requisitions, locked slots and missing material."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from notifier import names
from notifier.card import Button, Card, Tone
from notifier.text import _, number

MOST_ITEMS: Final = 12
MOST_ITEMS_ASKED: Final = 4
ASKED: Final = ("requested", "taken")
TONES: Final[dict[str, Tone]] = {"requested": "warn", "issued": "good"}


def hold_placed(data: dict[str, Any], *, who: str, frees: bool = False) -> Card:
    """Return the card by which everybody who handles it hears that a thing is held, and all made of it.

    `frees`: those who hear it may let it go again.
    """
    free = (Button(text=_("解冻"), say=f"解冻 {data['code']}"),) if frees else ()
    return Card(
        title=_("{code} 已冻结，用它做的也都停").format(code=data["code"]),
        lines=(*held_lines(data), _("操作人：{who}").format(who=who)),
        buttons=(Button(text=_("看影响"), say=f"影响 {data['code']}"), *free),
        tone="bad",
    )


def hold_lifted(data: dict[str, Any], *, who: str) -> Card:
    """Return the card by which they hear that it is free again."""
    return Card(
        title=_("{code} 已解冻，可以用了").format(code=data["code"]),
        lines=(*held_lines(data), _("操作人：{who}").format(who=who)),
        tone="good",
    )


def held_lines(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what is held, or free again, and why."""
    reason = _("原因：{reason}").format(reason=data["reason"]) if data["reason"] else ""
    return tuple(filter(None, (str(data.get("what", "")), reason)))


def requisition(data: dict[str, Any], *, key: str, late: bool = False) -> Card:
    """Return the one card of a requisition: what is asked for, how it stands, what can be done now."""
    state = names.status("requisition", str(data["status"]))
    head = _("催：") if late else ""
    where = " ".join(it for it in (data["requisition"], data["order"], data["line"]) if it)
    return Card(
        title=f"{head}{_('领料')} {where} · {state}",
        lines=_items(data),
        buttons=tuple(_next(data, guard=key)),
        tone="bad" if late else TONES.get(str(data["status"]), "plain"),
        key=key,
    )


def requisition_moved(data: dict[str, Any], *, who: str, mentions: tuple[int, ...]) -> Card:
    """Return what those who asked, and their line, hear: it is taken, issued, or will not come."""
    title = {
        "taken": _("{requisition} {who} 已接，正在备料：{order}"),
        "issued": _("{requisition} 的料已发，请去收：{order}"),
        "cancelled": _("{requisition} 已取消，料不发了：{order}"),
    }[str(data["status"])]
    reason = str(data.get("reason") or "")
    issued = data["status"] == "issued"
    return Card(
        title=title.format(who=who, **data),
        lines=(
            *(_items(data, most=MOST_ITEMS_ASKED) if issued else ()),
            *((_("原因：{reason}").format(reason=reason),) if reason else ()),
            *(() if data["status"] == "taken" else (_("操作人：{who}").format(who=who),)),
        ),
        mentions=mentions,
        tone="good" if issued else "plain",
    )


def _items(data: dict[str, Any], *, most: int = 0) -> tuple[str, ...]:
    """Return a line for each item; the first few where more than `most`, or what fits above buttons."""
    items = data["items"]
    most = most or (MOST_ITEMS_ASKED if str(data["status"]) in ASKED else MOST_ITEMS)
    if len(items) <= most:
        return tuple(_item(item) for item in items)
    asked = str(data["status"]) in ASKED
    more = (_("共 {count} 种料，全部的看备料单") if asked else _("共 {count} 种料")).format(count=len(items))
    return (*(_item(item) for item in items[: most - 1]), more)


def _item(item: dict[str, str]) -> str:
    said = _("{material} {name}：{count} {unit}").format(
        **{**item, "count": number(Decimal(item["quantity"]))}
    )
    issued = Decimal(item["issued"])
    return said + (_("，已发 {count}").format(count=number(issued)) if issued else "")


def _next(data: dict[str, Any], *, guard: str) -> list[Button]:
    pick = Button(text=_("备料单"), say=f"备料单 {data['order']}")
    match str(data["status"]):
        case "requested":
            take = Button(text=_("接"), say=f"接 {data['requisition']}", style="primary", guard=guard)
            return [take, pick]
        case "taken":
            return [pick]
        case _:
            return []


def slot_locked(data: dict[str, Any], *, who: str) -> Card:
    """Return the card that calls for somebody else: both part numbers side by side."""
    return Card(
        title=_("站位 {slot} 连错三次，锁住了").format(slot=data["slot"]),
        lines=(
            _("要的是：{expected}").format(expected=_("、").join(data["expected"])),
            _("扫的是：{material}（{lot}）").format(material=data["material"], lot=data["lot"]),
            _("{order} · 操作人：{who}").format(order=data["order"], who=who),
        ),
        buttons=(Button(text=_("解锁"), say=unlocking(data["slot"]), style="primary"),),
        tone="bad",
    )


def unlocking(slot: str) -> str:
    """Return the sentence that unlocks a slot; its reason is asked for."""
    station, _slash, code = slot.partition("/")
    return f"解锁站位 {station} 站位{code}"


def short_of(data: dict[str, Any], *, side: str) -> Card:
    """Return the question to a side that has said nothing: quality of lots, purchasing of deliveries."""
    asked = [item for item in data["items"] if item["material"] in data["sides"][side]]
    title = {
        "quality": _("{order} 等这些料检验，什么时候能好？"),
        "purchasing": _("{order} 缺料，什么时候能到？"),
    }[side]
    return Card(
        title=title.format(order=data["order"]),
        lines=tuple(_missing(item, side=side) for item in asked[:MOST_ITEMS]),
        buttons=tuple(_answers(asked, side=side)),
        tone="warn",
    )


def _missing(item: dict[str, Any], *, side: str) -> str:
    count = number(Decimal(str(item["missing"])))
    said = _("{material} {name}：缺 {count} {unit}").format(**{**item, "count": count})
    return f"{said}（{_('、').join(item['lots'])}）" if side == "quality" else said


def _answers(asked: list[dict[str, Any]], *, side: str) -> list[Button]:
    if side == "quality":
        return [Button(text=lot, say=lot) for item in asked for lot in item["lots"]][:4]
    return [Button(text=code, say=f"在途 {code}") for item in asked for code in item["coming"]][:4] or [
        Button(text=item["material"], say=f"在途 {item['material']} {item['missing']}") for item in asked[:4]
    ]
