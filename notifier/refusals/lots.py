"""Refusals about lots and quantities."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "cannot_issue": "{thing} 现在是「{status}」，不能发料。",
    "lot_short": "{lot} 只有 {on_hand} {unit}，不够 {asked} {unit}。",
    "unit_mismatch": "{material} 按「{unit}」算，你说的是「{said}」，没有登记，请按「{unit}」再说一遍。",
    "several_lots": "有 {count} 种物料都有批次「{lot}」，请说「料号/{lot}」。",
    "lot_expired": "{lot} 已于 {expired_at} 过期，不能再用，请通知品质部。",
    "held": "{thing} 不能用：{source} 已冻结（{reason}），请找品质部。",
}
