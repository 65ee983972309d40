"""Refusals at slots, and about requisitions."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "slot_locked": (
        "{station} 站位 {slot} 连错三次锁住了，要别人来解：「解锁站位 {station} 站位{slot} 原因」。"
        "可以找：{who}。"
    ),
    "slot_not_locked": "站位 {slot} 没有锁，不用解。",
    "slot_taken": "站位 {slot} 上是 {lot}，要换请说「换料」，要撤下来请说「卸料」。",
    "slot_empty": "站位 {slot} 上没有料。",
    "nothing_to_load": "{order} 在工位 {station} 没有要上的料，请核对工单和工位。",
    "which_order": "工位 {station} 上是哪张工单？请把工单号也说出来。",
    "nothing_needed": "{order} 的料都领齐了，或者已经有领料单在办。",
}
