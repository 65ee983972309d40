"""Every permission there is, what it means, and the roles a plant has when its playbook says nothing."""

from domain.playbook.rules import Role

PERMISSIONS: dict[str, str] = {
    "order.view": "看工单",
    "order.draft": "起草工单",
    "order.release": "下达工单",
    "order.start": "开工",
    "order.pause": "暂停和恢复工单",
    "order.complete": "完工",
    "order.close": "关闭工单",
    "order.cancel": "取消工单",
    "order.reopen": "重开工单",
    "order.change": "工程变更",
    "order.rework": "开返工单",
    "work.report": "报工",
    "work.skip": "跳过一道工序",
    "work.sign_on": "上岗",
    "unit.number": "赋序列号",
    "unit.judge": "返修、隔离、报废单件",
    "unit.pack": "装箱、封箱",
    "unit.ship": "出货和退货",
    "complaint.record": "登记客户投诉",
    "trace.own": "负责追溯完整性（追溯专员）",
    "trace.waive": "放行追溯缺口",
    "work.makeup": "补录",
    "work.approve": "批准报废、补录和放行",
    "timer.run": "开始和结束计时",
    "timer.waive": "放行超时的料",
    "review.raise": "报不良评审",
    "review.judge": "判定和关闭不良评审",
    "undo.own": "撤销自己的",
    "undo.any": "撤销别人的",
    "lot.view": "看批次和库存",
    "lot.receive": "收料",
    "lot.inspect": "来料检验",
    "lot.issue": "发料",
    "lot.return": "退料",
    "lot.move": "移库",
    "lot.count": "盘点",
    "lot.hold": "冻结批次",
    "lot.unhold": "解冻批次",
    "material.request": "领料",
    "slot.load": "上料、换料、卸料",
    "slot.unlock": "解锁站位",
    "purchase.tell": "说在途的料什么时候到",
    "andon.raise": "报异常",
    "andon.take": "接异常",
    "andon.resolve": "解决异常",
    "andon.confirm": "确认关闭自己报的异常",
    "andon.silence": "静音异常",
    "trace.view": "追溯",
    "digest.view": "看站会提要、日报和数字",
    "commitment.make": "站会上承诺",
    "binding.confirm": "确认下属绑定账号",
    "shift.handover": "交接班",
    "data.export": "导出数据",
    "directory.manage": "管理通讯录",
    "quota.view": "看发送额度",
    "playbook.reload": "重新载入规则",
    "system.admin": "管理系统",
}

EVERYONE = (
    "order.view",
    "lot.view",
    "andon.raise",
    "andon.confirm",
    "undo.own",
    "trace.view",
    "digest.view",
    "commitment.make",
    "shift.handover",
    "timer.run",
    "review.raise",
)
TAKER = (*EVERYONE, "andon.take", "andon.resolve")
FLOOR = (
    "work.report",
    "work.sign_on",
    "material.request",
    "slot.load",
    "order.start",
    "order.pause",
    "unit.pack",
)
LEADING = (
    "unit.number",
    "unit.judge",
    "undo.any",
    "work.makeup",
    "work.approve",
    "timer.waive",
    "slot.unlock",
    "andon.silence",
    "binding.confirm",
    "order.complete",
    "order.rework",
    "work.skip",
)
ORDERS = (
    "order.draft",
    "order.release",
    "order.close",
    "order.cancel",
    "order.change",
    "data.export",
)


def _role(code: str, name: str, *permissions: str) -> Role:
    return Role(code=code, name=name, permissions=tuple(dict.fromkeys(permissions)))


DEFAULT_ROLES: tuple[Role, ...] = (
    _role("operator", "操作工", *EVERYONE, *FLOOR),
    _role("team_leader", "班组长", *TAKER, *FLOOR, *LEADING, "order.draft", "order.release"),
    _role("department_head", "部门负责人", *TAKER, *LEADING, *ORDERS),
    _role(
        "warehouse",
        "仓管员",
        *TAKER,
        "lot.receive",
        "lot.issue",
        "lot.return",
        "lot.move",
        "lot.count",
        "lot.hold",
        "unit.pack",
        "unit.ship",
    ),
    _role(
        "quality",
        "品质员",
        *TAKER,
        "lot.inspect",
        "lot.hold",
        "lot.unhold",
        "work.approve",
        "slot.unlock",
        "timer.waive",
        "review.judge",
        "order.rework",
        "unit.judge",
        "complaint.record",
        "trace.waive",
    ),
    _role("trace_owner", "追溯专员", *EVERYONE, "trace.own", "work.makeup"),
    _role(
        "engineer",
        "工程师",
        *TAKER,
        "order.pause",
        "order.change",
        "lot.hold",
        "work.makeup",
        "timer.waive",
        "unit.number",
    ),
    _role("purchasing", "采购员", *TAKER, "order.draft", "purchase.tell"),
    _role("equipment", "设备员", *TAKER),
    _role(
        "manager",
        "厂长",
        *TAKER,
        *FLOOR,
        *LEADING,
        *ORDERS,
        "order.reopen",
        "unit.ship",
        "complaint.record",
        "trace.waive",
        "review.judge",
        "lot.hold",
        "lot.unhold",
        "directory.manage",
        "quota.view",
    ),
    _role(
        "admin",
        "系统管理员",
        *EVERYONE,
        "directory.manage",
        "quota.view",
        "playbook.reload",
        "system.admin",
        "data.export",
        "binding.confirm",
    ),
)


def granted(patterns: tuple[str, ...]) -> frozenset[str]:
    """Return the permissions these patterns stand for: a name, `order.*`, or `*`."""
    return frozenset(name for name in PERMISSIONS for pattern in patterns if covers(pattern, name))


def covers(pattern: str, name: str) -> bool:
    """Whether a pattern (`order.*`) stands for this permission."""
    group = pattern.removesuffix("*")
    return name.startswith(group) if pattern.endswith((".*",)) or pattern == "*" else name == pattern
