"""What to do instead where a thing may not make a move: by `state>wanted`, or by `*>wanted` from any state.

States are those that errors carry (`lot:released`); the sentences know {thing}, {status} and {wanted}.
"""

from typing import Final

INSTEAD: Final[dict[str, str]] = {
    "*>work_order:closed": "{thing} 现在是「{status}」，完工了才能归档，请先说「完工 {thing}」。",
    "work_order:closed>work_order:running": (
        "{thing} 已经归档，不能再打开；要接着做请开返工单：「返工单 {thing} 数量」。"
    ),
    "work_order:cancelled>work_order:running": "{thing} 已经取消，不能再做；要做请另开一张「新工单」。",
    "work_order:draft>work_order:in_review": "{thing} 还是草稿，请先说「下达 {thing}」，做完报了工再完工。",
    "work_order:released>work_order:in_review": "{thing} 还没有开始做，先报工，每道工序报完了再完工。",
    "work_order:ready>work_order:in_review": "{thing} 还没有开始做，先报工，每道工序报完了再完工。",
    "work_order:paused>work_order:in_review": "{thing} 暂停着，请先说「恢复 {thing}」，报完了再完工。",
    "work_order:change_hold>work_order:in_review": (
        "{thing} 变更冻结着，等工程部「解除变更 {thing}」，报完了再完工。"
    ),
    "work_order:closed>work_order:in_review": "{thing} 已经归档，不用再完工。",
    "work_order:completed>work_order:in_review": "{thing} 已经完工了，不用再报。",
    "*>work_order:cancelled": (
        "{thing} 现在是「{status}」，做完的不能取消；发现错了请说「反完工 {thing} 原因」。"
    ),
    "work_order:draft>work_order:running": "{thing} 还是草稿，请先说「下达 {thing}」。",
    "unit:failed>unit:done": (
        "{thing} 不良还没有判，不能装。请能判的人说「返修 {thing}」或「单件报废 {thing} 原因」。"
    ),
    "unit:quarantined>unit:done": (
        "{thing} 隔离着，不能装。请能判的人说「返修 {thing}」或「单件报废 {thing} 原因」。"
    ),
    "unit:packed>unit:done": "{thing} 已经装箱了；要换箱先说「取出 箱号 {thing}」。",
    "unit:shipped>unit:done": "{thing} 已经出货了；退回来的请先说「客户退货 {thing} 原因」。",
    "unit:scrapped>unit:done": "{thing} 已经报废，不能装。",
    "unit:returned>unit:done": "{thing} 是客户退回的，要先返修：「返修 {thing} 工序」。",
    "*>unit:done": "{thing} 还没有做完（现在是「{status}」），不能装；请先过完最后一道工序。",
    "unit:done>unit:rework": "{thing} 是好的，不用返修；发现不良请先说「判不良 {thing} 原因」。",
    "unit:queued>unit:rework": "{thing} 还没有判不良，不用返修；发现不良请先说「判不良 {thing} 原因」。",
    "unit:packed>unit:rework": "{thing} 在箱里，请先「取出 箱号 {thing}」，再说「判不良 {thing} 原因」。",
    "unit:done>unit:scrapped": "{thing} 是好的，不能直接报废；请先说「判不良 {thing} 原因」。",
    "unit:queued>unit:scrapped": "{thing} 还没有判不良，不能直接报废；请先说「判不良 {thing} 原因」。",
    "container:open>container:shipped": "{thing} 还没有封箱，请先说「封箱 {thing}」。",
    "container:shipped>container:open": (
        "{thing} 已经出货了，不能开箱；退回来的请说「客户退货 {thing} 原因」。"
    ),
    "container:returned>container:returned": "{thing} 已经退回来登记过了，不用再登记。",
    "*>container:returned": "{thing} 还没有出货（现在是「{status}」），没有可以退回的。",
    "container:open>container:open": "{thing} 本来就开着，不用开箱。",
    "lot:released>lot:returned_to_supplier": (
        "{thing} 是合格的，不能直接退供应商；请先说「冻结 {thing} 原因」或「评审 {thing} 原因」。"
    ),
    "lot:in_inspection>lot:returned_to_supplier": (
        "{thing} 还在待检，请品质部先说「检验 {thing} 不合格 原因」，再退。"
    ),
    "lot:consumed>lot:returned_to_supplier": "{thing} 已经用完，没有可退的；多领的请先「退料」。",
    "lot:returned_to_supplier>lot:released": "{thing} 已经退供应商了；又送来的请重新收料。",
    "*>lot:rejected": "{thing} 现在是「{status}」，已经检验过了；要改判请说「评审 {thing} 原因」。",
}

NOT_FOUND: Final[dict[str, str]] = {
    "container": "没有找到箱「{code_text}」，请核对；新箱号先装第一件：「装箱 {code_text} 序列号」。",
    "unit": "没有找到单件或箱「{code_text}」，请核对；新箱号先装第一件：「装箱 {code_text} 序列号」。",
}

CANNOT_ISSUE: Final[dict[str, str]] = {
    "lot:in_inspection": "{thing} 还在待检，不能发料；请品质部先说「检验 {thing} 合格」。",
    "lot:quarantined": "{thing} 隔离着，不能发料；请品质部复检后说「解冻 {thing} 原因」，或换一批。",
    "lot:rejected": "{thing} 检验不合格，不能发料；请换一批，要特采请说「评审 {thing} 原因」。",
    "lot:consumed": "{thing} 已经用完了，请换一批。",
    "lot:expired": "{thing} 已经过期，不能发料；请换一批，并通知品质部。",
    "work_order:draft": "{thing} 还是草稿，不能领料发料；请先说「下达 {thing}」。",
    "work_order:change_hold": "{thing} 变更冻结着，先不要发料；等工程部「解除变更 {thing}」。",
    "work_order:completed": "{thing} 已经完工，不用再发料；多出来的请「退料」。",
    "work_order:in_review": "{thing} 已经报完送审，不用再发料；多出来的请「退料」。",
}

CANNOT_REPORT: Final[dict[str, str]] = {
    "work_order:draft": "{thing} 还是草稿，不能报工；请先说「下达 {thing}」。",
    "work_order:paused": "{thing} 现在是「{status}」，不能报工；要接着做请说「恢复 {thing}」。",
    "work_order:change_hold": "{thing} 变更冻结着，不能报工；等工程部「解除变更 {thing}」。",
    "work_order:in_review": "{thing} 已经送审，不能报工；要改请先撤销「送审」。",
    "work_order:completed": "{thing} 已经完工，不能报工；真要再做请厂长说「反完工 {thing} 原因」。",
    "work_order:closed": "{thing} 已经归档，不能报工；要再做请开「返工单 {thing} 数量」。",
    "work_order:cancelled": "{thing} 已经取消，不能报工；请核对工单号。",
}

SIMPLE: Final[dict[str, str]] = {
    "held": "{thing} 已由 {who} 冻结（{reason}），不能动。要用请品质部复检后说「解冻 {thing} 原因」。",
    "too_few_finished": (
        "{order} 做完还没装箱、没有序列号的只有 {left} 件，这次要装 {asked} 件，没有登记；"
        "请先报完工序，或者少装。"
    ),
    "not_so_many_made": "{order} 做好的、还能返工的只有 {there}，不够 {asked}。",
}
"""What is said where the whole sentence would tell nothing with a part of it: what holds a thing is the thing
itself; of too few pieces none are in rework, or in boxes."""
