"""What every answer of DingTalk means for a message: looked up in one table.

The table is in `codes`. A code that is not in it was certainly an error: it is tried again later.
"""

from dataclasses import dataclass
from typing import Any

from bot.platforms.dingtalk.codes import BLOCKING, CODES, ERRCODES, NEVER, SECONDS, SECURITY, Fate
from bot.platforms.dingtalk.payload import list_of, mapping_of, text_of
from bot.platforms.http import Answer, CredentialsRefused, NoAnswer, NotSent, WireError, safe_text
from notifier.delivery import Delivered, Outcome, Refused, Retry, Unknown

CREDENTIALS_SECONDS = 300.0


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What happened, in words for people, and the name of it at DingTalk if it was delivered."""

    fate: Fate
    reason: str = ""
    provider_id: str = ""
    code: str = ""
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

    def known_at(self, door: str) -> Outcome:
        """Say it to the dispatcher; only at `door` DingTalk knows the message by our key."""
        if self.fate is Fate.UNKNOWN:
            return Unknown(reason=self.reason, keyed=True, door=door)
        return self.outcome()


NOBODY = Verdict(fate=Fate.REFUSED, reason="用户不存在或不在应用可见范围内")
SLOWED = Verdict(fate=Fate.LATER, reason="该用户收到的消息太多，被钉钉限流", after=60.0)


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
        fate, words, said = _by_errcode(errcode, body)
        return _verdict(fate, words, errcode, said, answer, secrets)
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
    return Verdict(fate=fate, reason=f"{words}（{detail}）", code=code, after=answer.retry_after)


def _by_errcode(errcode: str, body: dict[str, Any]) -> tuple[Fate, str, str]:
    """Judge an errcode: 88 wraps another (sub_code), 310000 says in words what is set up wrongly."""
    said = text_of(body, "sub_msg", "errmsg")
    inner = text_of(body, "sub_code") if errcode == "88" else ""
    fate, words = ERRCODES.get(inner) or ERRCODES.get(errcode, (Fate.LATER, "钉钉报错"))
    if errcode == "310000":
        words = next((better for word, better in SECURITY if word in said.lower()), words)
    return fate, words, said


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
        return NOBODY
    if list_of(body, "flowControlledStaffIdList"):
        return SLOWED
    for name in ("failedList", "failedResult"):  # DING: reason to people; recalls: message to reason
        if reasons := mapping_of(body, name):
            return Verdict(fate=Fate.REFUSED, reason=safe_text(f"没有全部成功（{reasons}）", *secrets))
    result = mapping_of(body, "result")
    failed = [one for one in list_of(result, "deliverResults") if _failed(one)]
    if failed:
        said = safe_text(text_of(failed[0], "errorMsg"), *secrets)
        return Verdict(fate=Fate.REFUSED, reason=f"卡片没有送达（{said}）")
    if body.get("success") is False:
        return Verdict(fate=Fate.REFUSED, reason="钉钉没有接受")
    return Verdict(fate=Fate.DONE, provider_id=text_of(body, "processQueryKey", "openDingId"))


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
