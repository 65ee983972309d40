"""The cards by which those who prepared for an order hear what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.work import Happened
from notifier import names
from notifier.alerts import number_of
from notifier.card import Card
from notifier.text import _, moment

TITLES: Final[dict[str, str]] = {
    "order.released": "{order} 已下达",
    "order.paused": "{order} 暂停",
    "order.resumed": "{order} 恢复生产",
    "order.submitted": "{order} 送审，等完工",
    "order.completed": "{order} 完工",
    "order.rescheduled": "{order} 的交期改了",
    "order.cancelled": "{order} 已取消，不用再准备",
    "order.reopened": "{order} 重新打开，回到生产中",
    "order.change_held": "{order} 变更冻结，先不要做",
    "order.change_released": "{order} 变更做完了，接着做",
    "route.changed": "{order} 的工艺改了：{after} 后面加 {added}",
    "bom.changed": "{order} 的用量改了：{material}",
}


def dates(data: Mapping[str, Any], *, zone: ZoneInfo) -> str:
    """Say when an order was due and is due now, of what its event has kept."""
    was, due = (moment(datetime.fromisoformat(it), zone) if it else "" for it in (data["was"], data["due"]))
    return _("交期：{was} → {due}").format(was=was or _("没有"), due=due)


def order_moved(happened: Happened, *, zone: ZoneInfo, parent: str = "") -> Card:
    """Return the card of a move; `parent` is the order that waits for what this one makes."""
    data = happened.data
    lines = [f"{data['product']} × {number_of(data['quantity'])} {data['unit']}"] if "unit" in data else []
    if kind := names.order_kind(data.get("kind", "")):
        lines.append(kind)
    if data.get("rework_of"):
        lines.append(_("返工 {order}").format(order=data["rework_of"]))
    if parent:
        lines.append(_("{parent} 在等它").format(parent=parent))
    if data.get("lot"):
        lines.append(_("做好的在批次 {lot}").format(lot=data["lot"]))
    if data.get("due"):
        lines.append(dates(data, zone=zone))
    if data.get("reason"):
        lines.append(_("原因：{reason}").format(reason=data["reason"]))
    if data.get("freed"):
        lines.append(_("领料单不用再备：{codes}").format(codes=" ".join(data["freed"])))
    lines.append(_("操作人：{who}").format(who=happened.actor.name))
    return Card(title=_(TITLES[happened.type]).format(**data), lines=tuple(lines))
