"""Refusals about lots and quantities."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "cannot_issue": "{thing} 现在是「{status}」，不能发料，请核对后换一批。",
    "lot_short": "{lot} 只有 {on_hand} {unit}，不够 {asked} {unit}，请少拿一点或换一批。",
    "unit_mismatch": "{material} 按「{unit}」算，你说的是「{said}」，没有登记，请按「{unit}」再说一遍。",
    "several_lots": "有 {count} 种物料都有批次「{lot}」，请说「料号/{lot}」。",
    "lot_expired": "{lot} 已于 {expired_at} 过期，不能再用，请通知品质部。",
    "held": (
        "{thing} 不能动：{source} 已由 {who} 冻结（{reason}）。要用请品质部复检后说「解冻 {source} 原因」。"
    ),
    "identity_fixed": "{lot} 已经用过，料号、供应商和批次号不能再改。",
    "cannot_merge": (
        "{lot} 不能并到 {other}：要同一种料、同一个供应商、都是合格的，而且不能并回做出它的批次。"
    ),
    "not_issued": "{order} 只领过 {lot} {had} {unit}，没有退。",
    "used_up": (
        "{order} 领过 {lot} {had} {unit}，按做出来的件数，还没用掉的有 {left} {unit}，没有退。"
        "其实用了别的批次：先把那批发给工单，再来退；实物多出来的请盘点。"
    ),
    "already_moved": "{review} 判定以后 {lot} 已经跟着动了，不能重开；判错了请撤销那次「判定」，再判一次。",
    "already_held": "{thing} 已经由 {who} 冻结了：{reason}。",
    "not_held": "{thing} 没有被冻结，不用解。",
    "held_above": "{thing} 是跟着 {source} 冻结的，要解冻请解冻 {source}。",
    "lot_reserved": "{lot} 已经留给 {order}，能用的只有 {free} {unit}，请换一批。",
}
