"""What people call a kind of thing."""

from typing import Final

KINDS: Final[dict[str, str]] = {
    "order": "工单",
    "table": "表格",
    "lot": "批次",
    "order_or_lot": "工单或批次",
    "unit": "单件",
    "container": "箱",
    "unit_or_lot": "单件或批次",
    "unit_or_order": "单件或工单",
    "unit_or_container": "单件、箱或工单",
    "shipment": "出货单",
    "nonconformance": "不良评审",
    "approval": "审批",
    "finding": "缺口",
    "handover": "交班",
    "timer": "计时",
    "requisition": "领料单",
    "purchase_line": "采购行",
    "complaint": "投诉",
    "slot": "站位",
    "code": "编号",
    "material": "物料",
    "operation": "工序",
    "andon": "异常",
    "andon_kind": "异常种类",
    "person": "工号",
    "binding": "绑定申请",
    "leavers": "离职确认",
    "department": "部门",
    "chat": "群",
    "shift": "班次",
    "line": "产线",
    "station": "工位",
    "ladder": "升级路线",
    "role": "角色",
}

ORDER_KINDS: Final[dict[str, str]] = {"trial": "试产", "disassembly": "拆解"}
"""Why an order is made, where that is not said by where it comes from."""

APPROVAL_KINDS: Final[dict[str, str]] = {
    "scrap": "报废",
    "void": "撤销别人的",
    "waiver": "放行",
    "unlock": "解锁站位",
    "make_up": "补录",
    "skip": "跳过工序",
}
"""What needs a second pair of eyes."""
