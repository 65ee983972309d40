"""What people call things: statuses, kinds, permissions; every status has a name in every language."""

from typing import Final

from domain.models.andon import AndonStatus
from domain.models.material import Confidence, LotStatus
from domain.models.work_order import OrderStatus, TaskStatus
from domain.playbook.permissions import PERMISSIONS
from notifier.text import _

STATUSES: Final[dict[str, dict[str, str]]] = {
    "order": {
        OrderStatus.DRAFT: "草稿",
        OrderStatus.RELEASED: "已下达",
        OrderStatus.READY: "已就绪",
        OrderStatus.RUNNING: "生产中",
        OrderStatus.PAUSED: "暂停",
        OrderStatus.IN_REVIEW: "待审核",
        OrderStatus.COMPLETED: "已完工",
        OrderStatus.CLOSED: "已归档",
        OrderStatus.CANCELLED: "已取消",
        OrderStatus.CHANGE_HOLD: "变更冻结",
    },
    "task": {
        TaskStatus.WAITING: "等前序",
        TaskStatus.READY: "可开工",
        TaskStatus.RUNNING: "进行中",
        TaskStatus.PAUSED: "暂停",
        TaskStatus.DONE: "完成",
        TaskStatus.MERGED: "已合并",
        TaskStatus.SKIPPED: "已跳过",
        TaskStatus.CANCELLED: "已取消",
    },
    "lot": {
        LotStatus.IN_INSPECTION: "待检",
        LotStatus.RELEASED: "合格",
        LotStatus.QUARANTINED: "隔离",
        LotStatus.REJECTED: "拒收",
        LotStatus.CONSUMED: "已用完",
        LotStatus.EXPIRED: "已过期",
        LotStatus.SCRAPPED: "已报废",
        LotStatus.RETURNED: "已退供应商",
    },
    "andon": {
        AndonStatus.OPEN: "待响应",
        AndonStatus.ACKNOWLEDGED: "已响应",
        AndonStatus.CONTAINED: "已围堵",
        AndonStatus.RESOLVED: "已解决，待确认",
        AndonStatus.CLOSED: "已关闭",
        AndonStatus.REOPENED: "重新打开",
    },
    "binding": {"open": "待确认", "confirmed": "已确认", "refused": "已拒绝", "expired": "已过期"},
    "confidence": {Confidence.EXACT: "确定", Confidence.SHARED: "共用"},
}

FAMILIES: Final = {"work_order": "order", "operation_task": "task"}
"""Tables whose statuses go by a shorter name here."""

KINDS: Final[dict[str, str]] = {
    "order": "工单",
    "lot": "批次",
    "order_or_lot": "工单或批次",
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

ACTS: Final[dict[str, str]] = {
    "order.drafted": "起草工单",
    "order.released": "下达",
    "order.started": "开工",
    "order.paused": "暂停工单",
    "order.resumed": "恢复工单",
    "order.completed": "工单完工",
    "work.reported": "报工",
    "lot.received": "收料",
    "lot.inspected": "检验",
    "lot.held": "隔离",
    "lot.issued": "发料",
    "lot.expiring": "到期提醒",
    "andon.raised": "报异常",
    "andon.repeated": "重复报异常",
    "andon.acknowledged": "接异常",
    "andon.contained": "围堵",
    "andon.resolved": "解决",
    "andon.closed": "确认关闭",
    "andon.reopened": "重新打开",
    "andon.escalated": "升级",
    "andon.waiting": "等下一班",
    "andon.unheard": "没叫到人",
    "andon.confirm_due": "催确认",
    "binding.requested": "申请绑定",
    "binding.confirmed": "确认绑定",
    "binding.refused": "拒绝绑定",
    "act.voided": "撤销",
    "act.refused": "拒绝",
    "andon.handed_back": "离职交回",
    "master.loaded": "导入主数据",
    "person.joined": "入职",
    "person.left": "离职",
    "person.moved": "调动",
    "account.bound": "按通讯录绑定",
    "account.listed": "核对账号",
    "account.left": "停用账号",
    "directory.read": "同步通讯录",
    "directory.failed": "同步通讯录失败",
}

WHY_FINAL: Final[dict[str, str]] = {
    "confirmed": "报的人已经确认过，要再报就重新喊",
    "already_called": "已经又叫过人了",
    "ask_leader": "绑定的事请找班组长",
    "is_a_void": "这本身就是一次撤销，要恢复请把原来那句再说一遍",
    "too_old": "时间太久了，连班组长也不能撤，请再登记一次把它改过来",
    "is_a_refusal": "这是一次拒绝，没有改变什么",
    "only_told": "这只是一次提醒，没有改变什么",
    "is_master_data": "主数据由工厂 IT 维护",
    "is_directory": "人员进出以平台的通讯录为准，要改请在通讯录里改",
}


BUCKETS: Final[dict[str, str]] = {"messages": "消息", "calls": "接口调用"}
USES: Final[dict[str, str]] = {
    "received": "收到的消息",
    "session": "会话回答",
    "webhook": "群机器人",
    "push": "主动发送",
    "card": "卡片",
    "ding": "DING",
    "upload": "上传文件",
    "download": "下载文件",
    "app": "应用消息",
    "other": "其他",
}
PLATFORMS: Final[dict[str, str]] = {"dingtalk": "钉钉", "wecom": "企业微信"}


def platform(name: str) -> str:
    """Name a platform."""
    return _(PLATFORMS.get(name, name))


def bucket(name: str) -> str:
    """Name an allowance of the month."""
    return _(BUCKETS.get(name, name))


def use(name: str) -> str:
    """Name what a unit of an allowance was spent on."""
    return _(USES.get(name, name))


def status(family: str, value: str) -> str:
    """Name a status; an unknown one (of newer code) is shown as it is."""
    return _(STATUSES.get(family, {}).get(value, value))


def standing(value: str) -> str:
    """Name a status as errors carry it: with the table of what has it, `lot:released`."""
    table, _colon, state = value.rpartition(":")
    return status(FAMILIES.get(table, table), state)


def kind(value: str) -> str:
    """Name a kind of thing."""
    return _(KINDS.get(value, value))


def act(event_type: str) -> str:
    """Name what an event did."""
    return _(ACTS.get(event_type, event_type))


def permission(name: str) -> str:
    """Name a permission."""
    return _(PERMISSIONS.get(name, name))


def why_final(code: str) -> str:
    """Say why an act cannot be undone."""
    return _(WHY_FINAL.get(code, code))
