"""What people call a status; every status has a name in every language."""

from typing import Final

from domain.models.andon import AndonStatus
from domain.models.approval import ApprovalStatus
from domain.models.container import ContainerStatus, ShipmentStatus
from domain.models.finding import FindingStatus
from domain.models.floor import HandoverStatus, TimerStatus
from domain.models.genealogy import Confidence
from domain.models.lot import LotStatus
from domain.models.nonconformance import Disposition, NonConformanceStatus
from domain.models.supply import RequisitionStatus
from domain.models.unit import UnitStatus
from domain.models.work_order import OrderStatus, TaskStatus

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
    "unit": {
        UnitStatus.QUEUED: "待加工",
        UnitStatus.IN_STATION: "在站",
        UnitStatus.DONE: "完成",
        UnitStatus.FAILED: "不良待判",
        UnitStatus.REWORK: "返修",
        UnitStatus.QUARANTINED: "隔离",
        UnitStatus.SCRAPPED: "已报废",
        UnitStatus.PACKED: "已装箱",
        UnitStatus.SHIPPED: "已出货",
        UnitStatus.RETURNED: "已退回",
    },
    "container": {
        ContainerStatus.OPEN: "开着",
        ContainerStatus.CLOSED: "已封箱",
        ContainerStatus.SHIPPED: "已出货",
        ContainerStatus.RETURNED: "已退回",
    },
    "shipment": {
        ShipmentStatus.DRAFT: "备货中",
        ShipmentStatus.SHIPPED: "已出货",
        ShipmentStatus.RETURNED: "已退回",
    },
    "nonconformance": {
        NonConformanceStatus.OPEN: "待评审",
        NonConformanceStatus.INVESTIGATING: "调查中",
        NonConformanceStatus.DISPOSITIONED: "已判定",
        NonConformanceStatus.CLOSED: "已关闭",
    },
    "disposition": {
        Disposition.PENDING: "待判",
        Disposition.USE_AS_IS: "特采",
        Disposition.REWORK: "返工",
        Disposition.SCRAP: "报废",
        Disposition.RETURN: "退供应商",
    },
    "approval": {
        ApprovalStatus.PENDING: "待批",
        ApprovalStatus.APPROVED: "已批准",
        ApprovalStatus.REFUSED: "未批准",
    },
    "finding": {
        FindingStatus.OPEN: "待补",
        FindingStatus.MADE_UP: "已补录",
        FindingStatus.MERGED: "合并做了",
        FindingStatus.SKIPPED: "批准跳过",
        FindingStatus.WAIVED: "已放行",
    },
    "handover": {HandoverStatus.DRAFTED: "待接班", HandoverStatus.TAKEN: "已接班"},
    "timer": {
        TimerStatus.ACTIVE: "计时中",
        TimerStatus.WARNED: "快到时",
        TimerStatus.EXPIRED: "已超时",
        TimerStatus.DONE: "已结束",
        TimerStatus.WAIVED: "已放行",
    },
    "requisition": {
        RequisitionStatus.REQUESTED: "待接",
        RequisitionStatus.TAKEN: "备料中",
        RequisitionStatus.ISSUED: "已发料",
        RequisitionStatus.CANCELLED: "已取消",
    },
    "binding": {"open": "待确认", "confirmed": "已确认", "refused": "已拒绝", "expired": "已过期"},
    "confidence": {Confidence.EXACT: "确定", Confidence.SHARED: "共用"},
}
