"""The groups' own robots: whether each address is there and takes us, asked by what no robot can say.

Address, signature and where we ask from are looked at before the kind of message, and this kind there is not.
"""

from collections.abc import Mapping
from typing import Final

import httpx

from bot.clouds import dingtalk_config
from bot.doctor.findings import Chart, Finding, Findings
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.codes import WRONG_HOOK
from bot.platforms.dingtalk.config import KNOWN_HOSTS
from bot.platforms.dingtalk.hooks import WRONG_ADDRESS, signed
from bot.platforms.dingtalk.outcomes import judge
from bot.platforms.grouphook import GroupHook
from bot.platforms.http import Answer, WireError, call, same_host
from bot.platforms.wecom.app.outcomes import errcode_of
from bot.platforms.wecom.webhook import BAD_KEY, NO_ADDRESS, place
from bot.settings import SecretMissing, Settings
from bot.webhooks import hook_of
from domain.clock import Clock
from domain.playbook import Playbook
from domain.playbook.plant import Chat, PlatformName

_UNSAYABLE: Final = {"msgtype": "banzhang_doctor"}
_CHARTS: Final[Mapping[PlatformName, Chart]] = {
    "dingtalk": Chart(area="钉钉"),
    "wecom": Chart(area="企业微信"),
}
_WHERE: Final[Mapping[PlatformName, str]] = {
    "dingtalk": "群设置 → 机器人 → 自定义：核对地址（{ref}）、加签密钥、关键词和 IP",
    "wecom": "群 → 消息推送（原群机器人）→ 重新添加，新地址写进 {ref}",
}


async def examine(book: Playbook, settings: Settings, *, http: httpx.AsyncClient, clock: Clock) -> Findings:
    """Ask each group's robot; nothing is shown in any group."""
    for chat in book.chats:
        if chat.webhook:
            yield await _robot(chat, settings, http=http, clock=clock)


async def _robot(chat: Chat, settings: Settings, *, http: httpx.AsyncClient, clock: Clock) -> Finding:
    step, chart = f"群机器人 {chat.title}", _CHARTS[chat.platform]
    try:
        hook = hook_of(chat)
        wrong = await _wrong(hook, chat.platform, settings, http=http, clock=clock)
    except SecretMissing as missing:
        return chart.bad(
            step, f"取不到 {missing.reference}", "在 .env 里写上，或把规则里 chats 的 webhook 去掉"
        )
    except WireError as failure:
        return chart.warn(step, f"问不出来：{failure}", "过几分钟再试")
    if wrong:
        return chart.bad(step, wrong, _WHERE[chat.platform].format(ref=chat.webhook))
    return chart.good(step, "地址有效")


async def _wrong(
    hook: GroupHook, platform: PlatformName, settings: Settings, *, http: httpx.AsyncClient, clock: Clock
) -> str:
    """Return why the robot does not take us; '' if it does. Raises WireError."""
    if platform == "wecom":
        return await _wrong_at_wecom(hook, settings.wecom_api_url, http=http)
    config = dingtalk_config(settings)
    if not same_host(hook.address.get_secret_value(), (config.oapi_url, *KNOWN_HOSTS)):
        return WRONG_ADDRESS
    api = Api(config, http=http, clock=clock)
    verdict = judge(await api.say(signed(hook, clock=clock), dict(_UNSAYABLE)), *api.secrets)
    return verdict.reason if verdict.code in WRONG_HOOK else ""


async def _wrong_at_wecom(hook: GroupHook, api_url: str, *, http: httpx.AsyncClient) -> str:
    base, key = place(hook.address.get_secret_value(), api_url=api_url.rstrip("/"))
    if not key:
        return NO_ADDRESS
    url = f"{base}/cgi-bin/webhook/send"
    answer: Answer = await call(http, "POST", url, params={"key": key}, json=_UNSAYABLE)
    return "地址无效，或机器人已从群里移除" if errcode_of(answer) == BAD_KEY else ""


def unprompted(book: Playbook | None, *, app: bool) -> Finding:
    """Say how a WeCom bot at a callback URL, which cannot speak unprompted, comes to people and groups."""
    step, chart = "主动发消息", _CHARTS["wecom"]
    groups = [chat for chat in book.chats if chat.platform == "wecom"] if book else []
    without = "、".join(chat.title for chat in groups if not chat.webhook)
    if not app and without:
        said = "机器人用回调地址时不能主动说话：异常、升级、早会都发不出去"
        return chart.bad(
            step, said, "配自建应用（发到个人）和群机器人（发到群）：docs/guide-wecom.md 第 3、4 节"
        )
    if not app:
        said = "没有自建应用：不能主动发给个人，升级时只有群里看得到"
        return chart.warn(step, said, "docs/guide-wecom.md 第 3 节")
    if without:
        return chart.warn(step, f"没有群机器人，发不到：{without}", "docs/guide-wecom.md 第 4 节")
    return chart.good(step, "由自建应用和群机器人代发")
