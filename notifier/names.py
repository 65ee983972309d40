"""What people call things: statuses, kinds, permissions; every status has a name in every language."""

from typing import Final

from domain.playbook.permissions import PERMISSIONS
from notifier.named.acts import ACTS, WHY_FINAL
from notifier.named.kinds import APPROVAL_KINDS, KINDS, ORDER_KINDS
from notifier.named.statuses import STATUSES
from notifier.text import _

FAMILIES: Final = {"work_order": "order", "operation_task": "task"}
"""Tables whose statuses go by a shorter name here."""

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


def order_kind(value: str) -> str:
    """Name why an order is made; empty where there is nothing to say."""
    return _(ORDER_KINDS[value]) if value in ORDER_KINDS else ""


def approval_kind(value: str) -> str:
    """Name what is to be approved."""
    return _(APPROVAL_KINDS.get(value, value))


def why_final(code: str) -> str:
    """Say why an act cannot be undone."""
    return _(WHY_FINAL.get(code, code))
