"""Refusals about orders, operations and reports."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "over_report": (
        "{order} {operation} 只剩 {left} 可报（另有返工中 {rework}），这次报了 {asked}，没有登记。"
    ),
    "nothing_to_report": "{order} {operation}：数量要大于 0，请重新报。",
    "cannot_report": "{thing} 现在是「{status}」，不能报工。",
    "no_route": "产品 {product} 还没有工艺路线或 BOM，不能下达，请找工程部。",
    "unfinished_order": "{order} 还不能完工：{operation} 还剩 {left} 没有报。",
    "not_on_bom": "{material} 不在 {order} 的 BOM 里，没有发料，请核对工单和物料。",
}
