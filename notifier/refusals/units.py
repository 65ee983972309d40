"""Refusals about serial-numbered pieces, containers, shipments and the trace."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "too_many_units": "{order} 还能赋码 {left} 个，这次要 {asked} 个，没有登记。",
    "no_next_operation": (
        "{order} 的件过的是哪道工序？什么都没有登记，请先「上岗」，或者说「过站 工序 序列号」。"
    ),
    "not_before": "{unit} 现在在「{at}」，只能返到它或它前面的工序，不能返到「{operation}」。",
    "sits_in": "{thing} 已经在 {inside} 里，一件只能在一个地方，请先取出来。",
    "not_inside": "{thing} 不在 {inside} 里，请核对后再发一次。",
    "not_so_many_inside": (
        "{inside} 里 {thing} 没有序列号的只有 {there} 件，这次要取出 {asked} 件，没有登记，请点一下再说。"
    ),
    "in_itself": "{thing} 里面已经有 {inside}，不能再反过来放进去。",
    "not_a_panel": "{unit} 不是还没分的拼板，或者超过了它的 {pieces} 块，没有登记。",
    "container_shut": "{container} 现在是「{status}」，不能放进或取出；要改请先说「开箱 {container} 原因」。",
    "label_differs": (
        "{container} 里有 {holds} 件，标签写的是 {labelled} 件，对不上，没有封箱。"
        "请点一下：漏装的「装箱」，多装的「取出」，或者照 {holds} 件换标签。"
    ),
    "nothing_inside": "{container} 是空的，不能封箱也不能出货，请先说「装箱 {container} 序列号」。",
    "other_product": "{container} 里是 {holds}，{thing} 是别的产品，不能混装，请另用一个箱号。",
    "too_few_finished": (
        "{order} 做完还没装箱、没有序列号的只有 {left} 件，这次要装 {asked} 件，没有登记："
        "装过箱的 {packed} 件，返工单 {reworks} 拿走 {taken} 件。请先报完工序，或者少装。"
    ),
    "in_rework": (
        "{order} 有序列号、做完还没装箱的只能装 {left} 件，这次要装 {asked} 件，没有登记："
        "返工单 {reworks} 拿走了 {taken} 件。返工好的请按返工单装箱；不返工了请取消返工单。"
    ),
    "not_at_hand": (
        "{thing} 已经在 {inside} 里，不能装件、换件：在箱里的请先「取出」，出货了的请先「客户退货」。"
    ),
    "no_numbers": (
        "{thing} 里没有带序列号的件，什么都没有登记；"
        "没有序列号的请说工单和数量：「返工单 工单号 数量」或「评审 工单号 数量 原因」。"
    ),
    "which_of_them": (
        "{thing} 里没有序列号的件分在 {among}，退回来的 {asked} 件是哪一个的？什么都没有登记，"
        "请写上它再发一次。"
    ),
    "not_so_many_away": (
        "{thing} 出货在外、没有序列号的只有 {there} 件，这次退 {asked} 件，没有登记；"
        "有序列号的请发序列号，整箱退回的只发箱号。"
    ),
    "no_values": "没有看懂数值，{operation} 要录的是：{names}。",
    "nothing_to_mend": "{name}，最近一次扫码没有剩下要处理的。",
    "not_asked": "{finding} 问的是 {who}，请他来回答，或请班组长补录。",
    "not_yet_then": "{finding} 补录的时间要在发现缺口之前，请改一下时间。",
    "trace_incomplete": (
        "{order} 追溯完整性 {percent}%，还有 {gaps} 处缺口，不能归档；发「完整性 {order}」看缺什么，"
        "补不齐的请品质部说「放行追溯 {order} 原因」。"
    ),
}
