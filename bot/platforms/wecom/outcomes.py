"""What an errcode of the long connection means for a message: the table, and nothing but the table.

Sources: codes seen on this socket (vendor plugin, field reports) and the general table of page 90313.
"""

from dataclasses import dataclass
from typing import Final, Literal

from bot.platforms.wecom.frames import Frame
from notifier.delivery import Delivered, Outcome, Refused, Retry

NOT_OUR_REQUEST: Final = 846605
STREAM_EXPIRED: Final = 846608
NOT_SUBSCRIBED: Final = 846609
WRONG_DEVICE: Final = 600039


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What to do about a code: `again` after so many seconds (None: the usual back-off), or `never`."""

    what: Literal["again", "never"]
    meaning: str
    after: float | None = None
    block: bool = False


def _again(meaning: str, after: float | None = None, *, block: bool = False) -> Verdict:
    return Verdict(what="again", meaning=meaning, after=after, block=block)


def _never(meaning: str) -> Verdict:
    return Verdict(what="never", meaning=meaning)


TABLE: Final[dict[int, Verdict]] = {
    -1: _again("企业微信系统繁忙"),
    846601: _again("企业微信暂时不可用"),
    846602: _again("企业微信暂时不可用"),
    NOT_SUBSCRIBED: _again("长连接没有订阅，正在重连", 1.0),
    45009: _again("发送太频繁，被限流", 60.0, block=True),
    45033: _again("并发太高", 2.0, block=True),
    40007: _again("媒体文件已失效，需要重新上传"),
    NOT_OUR_REQUEST: _never("请求号无效"),
    STREAM_EXPIRED: _never("消息已过更新期限"),
    WRONG_DEVICE: _never("对方的客户端不支持这种消息"),
    40001: _never("机器人密钥不对"),
    40013: _never("企业或机器人编号不对"),
    40008: _never("不支持的消息类型"),
    40058: _never("参数不合规"),
    40091: _never("机器人密钥不对"),
    40201: _never("内容被反垃圾检查拦下"),
    42045: _never("模板卡片缺少跳转动作"),
    44004: _never("内容是空的"),
    45002: _never("内容太长"),
    48002: _never("没有接口权限"),
    60011: _never("没有权限"),
    60020: _never("本机 IP 不在企业可信 IP 里"),
    60111: _never("用户不存在"),
    81013: _never("接收人都不在可见范围内"),
    86001: _never("会话编号无效，或还没有人在这个会话里找过机器人，请先在那里对它说一句"),
    86003: _never("不是机器人所在的群"),
    86008: _never("不是机器人所在的群"),
    93000: _never("还没有人在这个会话里找过机器人，不能主动发送，请先在那里对它说一句"),
}

UNLISTED: Final = _again("企业微信报了没有记录的错误", 30.0)
"""A code nobody has written down: certainly not delivered, so it waits and tries again until it expires."""

TRANSIENT: Final = frozenset({-1, 846601, 846602, 45009, 45033})
"""Codes after which a subscription may simply be tried again; any other is about the credentials."""


def verdict(errcode: int) -> Verdict:
    """Return what to do about a code other than 0."""
    return TABLE.get(errcode, UNLISTED)


def outcome(answer: Frame, *, provider_id: str = "") -> Outcome:
    """Return what happened to a message, from the server's answer to it."""
    if answer.errcode == 0:
        return Delivered(provider_id=provider_id)
    found = verdict(answer.errcode)
    reason = f"{found.meaning}（{answer.errcode}）"
    if found.what == "never":
        return Refused(reason=reason)
    return Retry(reason=reason, after=found.after, block=found.block)
