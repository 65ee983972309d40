"""What an errcode of the app's API and of group webhooks means: the table, and nothing but the table.

Sources: global error codes (page 90313), `message/send` (90236), `webhook/send` (99110). What both know and
the AI bot too stands in `bot/platforms/wecom/outcomes.py`.
"""

import re
from dataclasses import replace
from typing import Any, Final

from bot.platforms.http import Answer, CredentialsRefused, NoAnswer, NotSent, WireError, safe_text
from bot.platforms.wecom.outcomes import TABLE as COMMON
from bot.platforms.wecom.outcomes import Verdict
from notifier.delivery import Outcome, Refused, Retry, Unknown

TOKEN_CODES: Final = frozenset({40014, 41001, 42001})
"""The token is missing, wrong or has run out: it is fetched anew, once."""
CREDENTIAL_CODES: Final = frozenset({40001, 40013, 40091})
TOO_OFTEN: Final = 45009
NOT_TRUSTED: Final = 60020
NOBODY: Final = 81013
CONFIG_SECONDS: Final = 300.0
"""What only a person can mend in the console is tried again so often: nothing said meanwhile is lost."""


def _until_mended(meaning: str) -> Verdict:
    return Verdict(what="again", meaning=meaning, after=CONFIG_SECONDS)


def _never(meaning: str) -> Verdict:
    return Verdict(what="never", meaning=meaning)


TABLE: Final[dict[int, Verdict]] = {
    **COMMON,
    40001: _until_mended("应用的 Secret 不对"),
    40013: _until_mended("企业 ID 不对"),
    40091: _until_mended("应用的 Secret 不对"),
    40014: _until_mended("令牌无效"),
    41001: _until_mended("令牌无效"),
    42001: _until_mended("令牌过期"),
    40003: _never("成员账号无效"),
    40031: _never("成员账号无效"),
    40056: _until_mended("AgentId 不对"),
    301002: _until_mended("AgentId 和 Secret 不是同一个应用的"),
    301024: _until_mended("应用被停用"),
    NOT_TRUSTED: _until_mended(
        "本机 IP {ip} 不在应用的企业可信 IP 里，请在管理后台「应用管理 → 应用 → 企业可信IP」里加上"
    ),
    60111: _never("成员不存在"),
    NOBODY: _never("接收人都不存在，或不在应用的可见范围里"),
    93000: _never("群机器人的地址无效，或已从群里移除"),
}

UNLISTED: Final = Verdict(what="again", meaning="企业微信报了没有记录的错误", after=30.0)
WINDOWS: Final = (60.0, 3600.0)
"""How long 45009 blocks (page 90313: as long as the limit's own window): a minute; said again, an hour."""

NOT_THE_CONTENT: Final = frozenset(
    {40003, 40031, 40201, 48002, 60011, 60111, NOBODY, 86001, 86003, 86008, 93000}
)
"""Refusals that another kind of message would meet too."""

_FROM_IP: Final = re.compile(r"from ip:\s*([0-9A-Fa-f.:]+)")
_UNAVAILABLE: Final = 503
_MISSED: Final = {
    "invaliduser": "成员不存在，或不在应用的可见范围里",
    "unlicenseduser": "成员没有企业微信的接口许可",
}


def errcode_of(answer: Answer) -> int | None:
    """Return the code of an answer; None if it has none that can be read."""
    code = answer.body.get("errcode")
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def verdict(answer: Answer) -> Verdict:
    """Return what to do about a code other than 0, the IP that WeCom saw filled in."""
    found = TABLE.get(errcode_of(answer) or 0, UNLISTED)
    ip = _FROM_IP.search(str(answer.body.get("errmsg", "")))
    return replace(found, meaning=found.meaning.replace("{ip}", ip[1] if ip else ""))


def refusal(answer: Answer, *, secrets: tuple[str, ...] = (), keyed: bool = False) -> Outcome:
    """Return what an answer other than errcode 0 means for a message."""
    if errcode_of(answer) is None:
        return _unreadable(answer, keyed=keyed)
    found = verdict(answer)
    reason = f"{found.meaning}（{errcode_of(answer)}）"
    if found is UNLISTED or found.meaning == UNLISTED.meaning:
        reason = f"{found.meaning}（{safe_text(f'{errcode_of(answer)} {_said(answer)}', *secrets)}）"
    if found.what == "never":
        return Refused(reason=reason)
    return Retry(reason=reason, after=found.after, block=found.block)


def _unreadable(answer: Answer, *, keyed: bool) -> Outcome:
    """Judge an answer that is not the API's: a gateway's page, an empty body."""
    reason = f"企业微信没有按接口回答（HTTP {answer.status}）"
    if answer.status >= 500 and answer.status != _UNAVAILABLE:  # noqa: PLR2004 (a gateway lost the answer)
        return Unknown(reason=reason, keyed=keyed)
    return Retry(reason=reason, after=answer.retry_after)


def failure(error: WireError, *, keyed: bool) -> Outcome:
    """Return what a failed connection means for a message."""
    if isinstance(error, CredentialsRefused):
        return Retry(reason=str(error), after=CONFIG_SECONDS)
    if isinstance(error, NoAnswer):
        return Unknown(reason=f"请求已发出，没有等到回答（{error}）", keyed=keyed)
    words = "连不上企业微信" if isinstance(error, NotSent) else "拿不到企业微信令牌"
    return Retry(reason=f"{words}（{error}）")


def _said(answer: Answer) -> Any:
    return answer.body.get("errmsg", "")


def missed(answer: Answer, member: str) -> Refused | None:
    """Return what errcode 0 hides: a receiver who was left out (90236); user ids come back lower-cased."""
    for name, why in _MISSED.items():
        found = answer.body.get(name)
        if isinstance(found, str) and member.lower() in found.lower().split("|"):
            return Refused(reason=why)
    return None
