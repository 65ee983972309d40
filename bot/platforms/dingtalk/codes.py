"""DingTalk's error codes as data: what each means for a message, and how it is said to people.

Codes: reference pages of sendBySession, custom robots and media (errcode), robot, DING and card API (code),
the list of global codes, and what other bots met in production.
"""

from enum import Enum
from typing import Final


class Fate(Enum):
    """What happened to a call."""

    DONE = "done"
    SOON = "too many calls in this second"
    LATER = "busy or unknown error"
    BLOCKED = "too many messages in this minute: the robot is shut out for ten"
    PUNISHED = "our address is shut out for five minutes"
    MONTH = "the month's calls are used up"
    REFUSED = "never as it is"
    FORBIDDEN = "the application lacks a permission"
    UNKNOWN = "may have been sent"
    TOKEN = "the token is no longer taken"  # noqa: S105 (a sentence)
    SESSION_GONE = "the session webhook has ended"
    CARD_EXISTS = "this card stands already"
    CARD_MISSING = "no such card"


SECONDS: Final = {Fate.SOON: 1.0, Fate.BLOCKED: 600.0, Fate.PUNISHED: 300.0, Fate.MONTH: 3600.0}
NEVER: Final = {Fate.REFUSED, Fate.FORBIDDEN, Fate.CARD_MISSING, Fate.CARD_EXISTS}
BLOCKING: Final = {Fate.BLOCKED, Fate.PUNISHED}

ERRCODES: Final[dict[str, tuple[Fate, str]]] = {
    "-1": (Fate.LATER, "钉钉忙"),
    "300001": (Fate.SESSION_GONE, "会话回复地址已过期"),
    "130101": (Fate.BLOCKED, "每分钟超过 20 条"),
    "410100": (Fate.BLOCKED, "发送太快"),
    "90018": (Fate.SOON, "调用太快"),
    "90002": (Fate.SOON, "调用太快"),
    "90020": (Fate.MONTH, "本月接口调用量已用完"),
    "90030": (Fate.MONTH, "本月 Webhook 调用量已用完"),
    "660026": (Fate.LATER, "机器人发送失败"),
    "88": (Fate.FORBIDDEN, "没有权限"),
    "60011": (Fate.FORBIDDEN, "应用缺少权限"),
    "60020": (Fate.FORBIDDEN, "服务器 IP 不在白名单"),
    "40014": (Fate.TOKEN, "令牌无效"),
    "42001": (Fate.TOKEN, "令牌过期"),
    "43007": (Fate.REFUSED, "没有授权"),
    "33012": (Fate.REFUSED, "用户编号无效"),
    "60121": (Fate.REFUSED, "找不到该用户"),
    "50002": (Fate.REFUSED, "用户不在应用可见范围内"),
    "40035": (Fate.REFUSED, "参数不合法"),
    "40004": (Fate.REFUSED, "媒体文件类型不对"),
    "40009": (Fate.REFUSED, "媒体文件太大"),
    "43004": (Fate.REFUSED, "内容类型不合法"),
    "400013": (Fate.REFUSED, "群已解散"),
    "400101": (Fate.REFUSED, "机器人令牌不存在"),
    "400102": (Fate.REFUSED, "机器人已停用"),
    "400105": (Fate.REFUSED, "不支持的消息类型"),
    "400106": (Fate.REFUSED, "机器人不存在"),
    "430101": (Fate.REFUSED, "含不安全的链接"),
    "430102": (Fate.REFUSED, "含不合适的文字"),
    "430103": (Fate.REFUSED, "含不合适的图片"),
    "430104": (Fate.REFUSED, "含不合适的内容"),
    "310000": (Fate.REFUSED, "机器人安全设置不匹配"),
    "460101": (Fate.REFUSED, "消息太长"),
    "101002": (Fate.REFUSED, "消息太长"),
}

# New API: the first row whose text the code begins with (without regard to case) decides.
CODES: Final[tuple[tuple[str, Fate, str], ...]] = (
    ("invalidauthentication", Fate.TOKEN, "令牌无效"),
    ("forbidden.accessdenied.qpslimit", Fate.SOON, "调用太快"),
    ("forbidden.accessdenied.qpmlimit", Fate.SOON, "调用太快"),
    ("forbidden.accessdenied.apicountlimit", Fate.MONTH, "本月接口调用量已用完"),
    ("forbidden.accessdenied.ipnotinwhitelist", Fate.FORBIDDEN, "服务器 IP 不在白名单"),
    ("forbidden.accessdenied.accesstokenpermissiondenied", Fate.FORBIDDEN, "应用缺少权限"),
    ("forbidden", Fate.FORBIDDEN, "没有权限"),
    ("send.too.fast", Fate.BLOCKED, "发送太快"),
    ("send.bytoken.toofast", Fate.BLOCKED, "发送太快"),
    ("too.many.group", Fate.SOON, "同时发送的群太多"),
    ("toomuch.msg", Fate.SOON, "发送太快"),
    ("throttling", Fate.SOON, "调用太快"),
    ("unknown.send.result", Fate.UNKNOWN, "发送结果未知"),
    ("system.busy", Fate.LATER, "钉钉忙"),
    ("system.updatecallbackfailed", Fate.LATER, "钉钉没有登记回调地址"),
    ("system.error", Fate.LATER, "钉钉内部错误"),
    ("systemerror", Fate.LATER, "钉钉内部错误"),
    ("serviceunavailable", Fate.LATER, "钉钉服务暂不可用"),
    ("param.cardalreadyexist", Fate.CARD_EXISTS, "卡片已存在"),
    ("param.cardnotexist", Fate.CARD_MISSING, "卡片不存在"),
    ("param.", Fate.REFUSED, "卡片参数不合法"),
    ("miss.openconversationid", Fate.REFUSED, "缺少群编号"),
    ("invalid.openconversationid", Fate.REFUSED, "群编号无效，或机器人不在群里"),
    ("miss.", Fate.REFUSED, "缺少参数"),
    ("invalidparameter.robotcode", Fate.REFUSED, "机器人编码不对"),
    ("invalidparameter.msgparam.toolong", Fate.REFUSED, "消息太长"),
    ("invalid", Fate.REFUSED, "参数不合法"),
    ("missing", Fate.REFUSED, "参数不合法"),
    ("not.allowed.robotcode", Fate.REFUSED, "消息不是这个机器人发的"),
    ("robot.processquerykey.expired", Fate.REFUSED, "发出太久，撤不回了"),
    ("notrevoke.all.messages", Fate.REFUSED, "没有全部撤回"),
    ("template.", Fate.REFUSED, "机器人模板不存在或已停用"),
    ("group.disbanded", Fate.REFUSED, "群已解散"),
    ("bot.stopped", Fate.REFUSED, "机器人已停用"),
    ("bot.forbidden", Fate.REFUSED, "机器人被禁言"),
    ("contain.unsafe", Fate.REFUSED, "含不安全的链接"),
    ("contain.notallowed", Fate.REFUSED, "含不合适的内容"),
    ("session.expired", Fate.REFUSED, "会话已失效"),
    ("conversation.org.notmatch", Fate.REFUSED, "群不属于本企业"),
    ("chatbotid.notallow", Fate.REFUSED, "机器人不允许发单聊"),
    ("staffid.notexist", Fate.REFUSED, "用户不存在"),
    ("robot.oto.notexist", Fate.REFUSED, "单聊机器人不存在"),
    ("ding.serverquota", Fate.MONTH, "DING 次数已用完"),
    ("send.ding.exception", Fate.LATER, "钉钉发送 DING 出错"),
    ("ding.receivercount", Fate.REFUSED, "DING 接收人太多"),
)

# Custom robots: what 310000 is about, by a word of its message; the group's owner can mend it.
SECURITY: Final[tuple[tuple[str, str], ...]] = (
    ("keyword", "消息里没有群机器人要求的关键词"),
    ("sign", "群机器人的加签密钥不对"),
    ("timestamp", "服务器时钟不准"),
    ("ip", "服务器 IP 不在群机器人的名单里"),
)
WRONG_HOOK: Final = frozenset({"310000", "400101", "400102", "400106"})
"""Errcodes that say that a custom robot is set up wrongly, or gone."""
