"""Refusals about orders, operations and reports."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "over_report": (
        "{order} {operation} 只剩 {left} 可报（另有返工中 {rework}），这次报了 {asked}，没有登记。"
    ),
    "nothing_to_report": "{order} {operation}：数量要大于 0，请重新报。",
    "cannot_report": "{thing} 现在是「{status}」，不能报工，请核对工单号。",
    "no_route": "产品 {product} 还没有工艺路线或 BOM，不能下达，请找工程部。",
    "unfinished_order": (
        "{order} 还不能完工：{operation} 还剩 {left} 没有报。"
        "请先说「报工 {order} {operation} 数量」，做不好的报成废。"
    ),
    "too_early": "{order} 还没有件到 {operation}，件都在 {before}，请先报 {before}。",
    "merged_into": "{order} {operation} 不用单独报，报 {into} 就算上了，没有登记。",
    "done_outside": "{order} {operation} 由 {supplier} 外协，请用「外发」和「外协收回」，没有登记。",
    "done_here": "{order} {operation} 在厂里做，不外发。",
    "not_outside": "{order} {operation} 在 {supplier} 那里的有 {there}，这次说的是 {asked}，没有登记。",
    "waits_for_child": (
        "{order} {operation} 要用 {product}，它的工单 {child} 现在是「{status}」，等它完工再做。"
    ),
    "undecided_items": (
        "{order} 还不能完工：{review} 还有 {count} 件没有定怎么处理，请品质部说「判定 {review}」。"
    ),
    "unbooked_scrap": (
        "{order} 还不能完工：{review} 判了报废，一共判了 {judged} 件，入账的废品只有 {booked} 件。"
        "请先报废入账，多报成良品的先撤；其实不报废，请「重开评审」再判。"
    ),
    "not_held_for_change": (
        "{order} 现在是「{status}」，工艺和 BOM 已经冻结。要改请先说「变更冻结 {order} 原因」。"
    ),
    "cannot_reschedule": "{order} 现在是「{status}」，交期不用改了，没有登记。",
    "due_in_the_past": "{due} 已经过了，{order} 的交期没有改，请说一个以后的时间。",
    "say_operation": "{product} 在几道工序用 {material}，或者还没有用到它：请说清楚是哪道工序。",
    "not_so_many_made": (
        "{order} 做好的、还能返工的只有 {there}，不够 {asked}：已经在返工的 {taken}，"
        "装在箱里或出货了的 {packed}。在箱里的请先「取出」，出货了的请先「客户退货」。"
    ),
    "no_child": "{order} 没有要另开子单的自制件，或者子单都开过了。",
    "not_on_bom": "{material} 不在 {order} 的 BOM 里，没有发料，请核对工单和物料。",
}
