"""What every answer of DingTalk means for a message: a table to read, and one function that looks it up.

Codes: reference pages of sendBySession / custom robots (errcode), robot and card API (code), and what other
bots met in production. A code that is not in the table was certainly an error: it is tried again later.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.platforms.dingtalk.payload import list_of, mapping_of, text_of
from bot.platforms.http import Answer, CredentialsRefused, NoAnswer, NotSent, WireError, safe_text
from notifier.delivery import Delivered, Outcome, Refused, Retry, Unknown


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


SECONDS = {Fate.SOON: 1.0, Fate.BLOCKED: 600.0, Fate.PUNISHED: 300.0, Fate.MONTH: 3600.0}
NEVER = {Fate.REFUSED, Fate.FORBIDDEN, Fate.CARD_MISSING, Fate.CARD_EXISTS}
BLOCKING = {Fate.BLOCKED, Fate.PUNISHED}
CREDENTIALS_SECONDS = 300.0

ERRCODES: dict[str, tuple[Fate, str]] = {
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
CODES: tuple[tuple[str, Fate, str], ...] = (
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
    ("ding.receivercount", Fate.REFUSED, "DING 接收人太多"),
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What happened, in words for people, and the name of it at DingTalk if it was delivered."""

    fate: Fate
    reason: str = ""
    provider_id: str = ""
    after: float | None = None

    def outcome(self, *, idempotent: bool = False) -> Outcome:
        """Say it to the dispatcher; with an idempotency key, what may have been sent is sent again."""
        if self.fate is Fate.DONE:
            return Delivered(provider_id=self.provider_id)
        if self.fate is Fate.UNKNOWN and not idempotent:
            return Unknown(reason=self.reason)
        if self.fate in NEVER:
            return Refused(reason=self.reason)
        after = self.after if self.after is not None else SECONDS.get(self.fate)
        used_up = self.fate is Fate.MONTH
        return Retry(reason=self.reason, after=after, block=self.fate in BLOCKING, exhausted=used_up)


def judge(answer: Answer, *secrets: str) -> Verdict:
    """Look up what an answer means; `secrets` are kept out of the reason."""
    if answer.is_json:
        return _judge_json(answer, secrets)
    if answer.status >= 500:  # noqa: PLR2004 (a gateway's own page, not the API's answer)
        fate = Fate.LATER if answer.status == 503 else Fate.UNKNOWN  # noqa: PLR2004 (not taken in at all)
        return Verdict(fate=fate, reason=f"钉钉网关出错（HTTP {answer.status}）", after=answer.retry_after)
    return Verdict(fate=Fate.PUNISHED, reason=f"钉钉没有按接口回答（HTTP {answer.status}）")


def _judge_json(answer: Answer, secrets: tuple[str, ...]) -> Verdict:
    body = answer.body
    if "punish" in body:
        return Verdict(fate=Fate.PUNISHED, reason="服务器 IP 被钉钉限流")
    errcode, code = text_of(body, "errcode"), text_of(body, "code")
    if errcode and errcode != "0":
        fate, words = ERRCODES.get(errcode, (Fate.LATER, "钉钉报错"))
        return _verdict(fate, words, errcode, text_of(body, "sub_msg", "errmsg"), answer, secrets)
    if code and code != "0" and (answer.status >= 400 or not errcode):  # noqa: PLR2004 (HTTP errors)
        fate, words = _by_code(code, answer.status)
        return _verdict(fate, _with_scopes(words, body), code, text_of(body, "message"), answer, secrets)
    if answer.status >= 400:  # noqa: PLR2004 (HTTP errors)
        fate, words = _by_status(answer.status)
        return Verdict(fate=fate, reason=f"{words}（HTTP {answer.status}）", after=answer.retry_after)
    return _judge_success(body, secrets)


def _verdict(
    fate: Fate, words: str, code: str, said: str, answer: Answer, secrets: tuple[str, ...]
) -> Verdict:
    detail = safe_text(f"{code} {said}", *secrets)
    return Verdict(fate=fate, reason=f"{words}（{detail}）", after=answer.retry_after)


def _by_code(code: str, status: int) -> tuple[Fate, str]:
    lowered = code.lower()
    for beginning, fate, words in CODES:
        if lowered.startswith(beginning):
            return fate, words
    return _by_status(status)


def _by_status(status: int) -> tuple[Fate, str]:
    """Judge an error whose code we do not know by its HTTP status."""
    known = {401: (Fate.TOKEN, "令牌无效"), 403: (Fate.FORBIDDEN, "没有权限"), 429: (Fate.SOON, "调用太快")}
    if status in known:
        return known[status]
    if status in {500, 502, 504}:
        return Fate.UNKNOWN, "钉钉出错，不知是否已发出"
    return Fate.LATER, "钉钉报错"


def _with_scopes(words: str, body: dict[str, Any]) -> str:
    detail = mapping_of(body, "accessdenieddetail", "AccessDeniedDetail", "accessDeniedDetail")
    scopes = [str(scope) for scope in list_of(detail, "requiredScopes")][:5]
    return f"{words}，请在开放平台给应用开通 {'、'.join(scopes)}" if scopes else words


def _judge_success(body: dict[str, Any], secrets: tuple[str, ...]) -> Verdict:
    """HTTP 200 is not yet success: single sends and cards report each receiver apart."""
    if list_of(body, "invalidStaffIdList"):
        return Verdict(fate=Fate.REFUSED, reason="用户不存在或不在应用可见范围内")
    if list_of(body, "flowControlledStaffIdList"):
        return Verdict(fate=Fate.LATER, reason="该用户收到的消息太多，被钉钉限流", after=60.0)
    result = mapping_of(body, "result")
    failed = [one for one in list_of(result, "deliverResults") if _failed(one)]
    if failed:
        said = safe_text(text_of(failed[0], "errorMsg"), *secrets)
        return Verdict(fate=Fate.REFUSED, reason=f"卡片没有送达（{said}）")
    if body.get("success") is False:
        return Verdict(fate=Fate.REFUSED, reason="钉钉没有接受")
    return Verdict(fate=Fate.DONE, provider_id=text_of(body, "processQueryKey"))


def _failed(result: Any) -> bool:
    return isinstance(result, dict) and result.get("success") is False


def judge_failure(failure: WireError) -> Verdict:
    """Say what a failed connection means."""
    if isinstance(failure, CredentialsRefused):
        return Verdict(fate=Fate.LATER, reason=str(failure), after=CREDENTIALS_SECONDS)
    if isinstance(failure, NoAnswer):
        return Verdict(fate=Fate.UNKNOWN, reason=f"请求已发出，没有等到回答（{failure}）")
    words = "连不上钉钉" if isinstance(failure, NotSent) else "拿不到钉钉令牌"
    return Verdict(fate=Fate.LATER, reason=f"{words}（{failure}）")
