"""What a refusal says: one sentence a code, telling what to do; its placeholders equal the error's data."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.errors import DomainError, WrongState
from notifier import names
from notifier.card import Card
from notifier.text import _, listed, number

SENTENCES: Final[dict[str, str]] = {
    "not_found": "没有找到{kind}「{code_text}」，请核对后再发一次。",
    "several_lots": "有 {count} 种物料都有批次「{lot}」，请说「料号/{lot}」。",
    "wrong_state": "{thing} 现在是「{status}」，不能变成「{wanted}」。",
    "cannot_report": "{thing} 现在是「{status}」，不能报工。",
    "cannot_issue": "{thing} 现在是「{status}」，不能发料。",
    "over_report": (
        "{order} {operation} 只剩 {left} 可报（另有返工中 {rework}），这次报了 {asked}，没有登记。"
    ),
    "nothing_to_report": "{order} {operation}：数量要大于 0，请重新报。",
    "lot_short": "{lot} 只有 {on_hand} {unit}，不够 {asked} {unit}。",
    "unit_mismatch": "{material} 按「{unit}」算，你说的是「{said}」，没有登记，请按「{unit}」再说一遍。",
    "lot_expired": "{lot} 已于 {expired_at} 过期，不能再用，请通知品质部。",
    "already_there": "{kind}「{code_text}」已经有了，没有重复登记。",
    "not_permitted": "你没有「{permission}」的权限，请找：{who}。",
    "not_your_own": "{thing} 是你自己处理的，要请别人来确认。",
    "stale": "这个按钮已经过时：{thing} 现在是「{status}」。",
    "question_gone": "「{pressed}」按晚了，或者问的不是你，什么都没有改动。",
    "pressed_already": "刚才已经按过了，见 {number}；真要再来一次，请再说一遍。",
    "nothing_to_undo": "没有可以撤的 {number}，可能已经撤过了。",
    "undone_last": "上一次已经撤销了。再往前是 {earlier} {act}，要撤请发「撤 {earlier}」。",
    "undo_too_late": "{number} 已超过 {minutes} 分钟，不能自己撤了，请班组长来撤。",
    "cannot_undo": "{number} 不能撤：{why}。",
    "stood_upon": "{number} 后面已经有「{later}」，要先撤后面的。",
    "no_route": "产品 {product} 还没有工艺路线或 BOM，不能下达，请找工程部。",
    "unfinished_order": "{order} 还不能完工：{operation} 还剩 {left} 没有报。",
    "not_on_bom": "{material} 不在 {order} 的 BOM 里，没有发料，请核对工单和物料。",
    "unknown_person": (
        "{name}，我还不认识你。请发「绑定 工号」，班组长确认后就能用了；"
        "急事可以先喊「安全」「缺料」「设备」「品质」。"
    ),
    "nobody_to_ask": "要由 {name} 确认，可是 {name} 还没有绑定账号，请先找工厂 IT。",
    "already_bound": "这个账号已经是 {name} 的了，不用再绑定。",
    "has_left": "{name} 已离职，账号停用了。如果不对，请找班组长或工厂 IT。",
    "empty_directory": "{platform}的通讯录里一个人也没有，没有改动任何账号；请检查应用的可见范围。",
}

CONFLICTS: Final[dict[str, str]] = {
    "two_accounts": "工号 {number}（{name}）：账号 {theirs} 都写着这个工号，都没有绑定",
    "second_account": "工号 {number}（{name}）已有账号，{theirs} 里只能留一个，新的没有绑定",
    "other_number": "{name}（{number}）的账号 {theirs}：通讯录里写的是别人的工号，没有改",
    "other_department": "{name}（{number}）：通讯录里在 {theirs}，规则里写的不是",
    "not_listed": "{name}（{number}）：规则里的账号 {theirs} 不在通讯录里",
    "left_but_named": "{name}（{number}）已离职，规则里还写着，请改规则",
    "unknown_number": "通讯录里有 {count} 人，规则里没有：{theirs}",
    "no_number": "通讯录里有 {count} 人没有工号，要自己发「绑定 工号」：{theirs}",
}
"""What IT should look at in a directory, by `domain/actions/directory_plan.py: ConflictKind`."""

_WRITTEN: Final[dict[str, Callable[[Any], str]]] = {
    "kind": names.kind,
    "status": names.standing,
    "wanted": names.standing,
    "permission": names.permission,
    "why": names.why_final,
    "later": names.act,
    "platform": names.platform,
    "act": names.act,
    "who": lambda who: listed(str(who).split("、")),
}


def sentence(error: DomainError) -> str:
    """Return the refusal as people read it."""
    data = {name: _write(name, value) for name, value in error.data().items()}
    if isinstance(error, WrongState) and error.status == error.wanted:
        return _("{thing} 已经是「{status}」了，不用再报。").format(**data)
    return _(SENTENCES[error.code]).format(**data).replace(" ，", "，")  # where a placeholder is empty


def refusal(error: DomainError) -> Card:
    """Return the refusal as a card."""
    return Card(title=sentence(error), tone="warn")


def conflict(found: Mapping[str, Any]) -> str:
    """Return what IT should look at as a line."""
    theirs = listed(str(one) for one in found["theirs"])
    more = "…" if found["count"] > len(found["theirs"]) else ""
    return _(CONFLICTS[str(found["kind"])]).format(**{**found, "theirs": theirs + more})


def _write(name: str, value: object) -> str:
    if name in _WRITTEN:
        return _WRITTEN[name](value)
    match value:
        case Decimal():
            return number(value)
        case datetime():
            return f"{value:%Y-%m-%d}"
        case _:
            return str(value)
