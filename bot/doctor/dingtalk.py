"""DingTalk, step by step: credentials, Stream mode, each permission; by questions that change nothing."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from bot.doctor import clouds, directory
from bot.doctor.findings import Chart, Finding, Findings, Verdict
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.codes import Fate
from bot.platforms.dingtalk.config import DingTalkConfig
from bot.platforms.dingtalk.directory import Contacts
from bot.platforms.dingtalk.gateway import GatewayRefused, open_place
from bot.platforms.dingtalk.outcomes import Verdict as Judgement
from bot.platforms.dingtalk.outcomes import judge
from bot.platforms.dingtalk.payload import list_of, mapping_of, text_of
from bot.platforms.http import Answer, CredentialsRefused, WireError
from domain.clock import Clock

NOBODY: Final = "banzhang-doctor"
_CHART: Final = Chart(area="钉钉")
_CONSOLE: Final = "钉钉开放平台 → 应用开发 → 你的应用"
_CONTACTS: Final = (
    f"{_CONSOLE} → 权限管理：开通 qyapi_get_department_list、qyapi_get_department_member、qyapi_get_member，"
    "通讯录范围选全公司，再发布一次"
)


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A question that changes nothing; whether it is allowed is told before whether it makes sense."""

    step: str
    permission: str  # as the console names it
    method: str
    path: str
    body: dict[str, Any]
    needed: bool
    without: str  # what does not work without it


def probes(config: DingTalkConfig) -> tuple[Probe, ...]:
    """Return the questions; each counts as one call of the month's quota."""
    return (
        Probe(
            step="发消息",
            permission="qyapi_robot_sendmsg（企业内机器人发送消息权限）",
            method="POST",
            path="/v1.0/robot/oToMessages/batchSend",
            body={
                "robotCode": config.robot,
                "userIds": [NOBODY],
                "msgKey": "sampleText",
                "msgParam": '{"content":"banzhang doctor"}',
            },
            needed=True,
            without="不能主动发消息、不能下载图片",
        ),
        Probe(
            step="互动卡片",
            permission="Card.Instance.Write（互动卡片实例写权限）",
            method="PUT",
            path="/v1.0/card/instances",
            body={"outTrackId": NOBODY, "cardData": {"cardParamMap": {"title": "banzhang doctor"}}},
            needed=True,
            without="没有按钮，所有卡片变成文字",
        ),
        Probe(
            step="DING",
            permission="Premium.Ding.Write（DING 消息写权限）",
            method="POST",
            path="/v1.0/robot/ding/recall",
            body={"robotCode": config.robot, "openDingId": NOBODY},
            needed=False,
            without="升级时不能发 DING、短信和电话",
        ),
    )


def examine(config: DingTalkConfig, *, http: httpx.AsyncClient, clock: Clock) -> Findings:
    """Examine the application; the first step that fails ends it, where nothing after it can be known."""
    application = _application(config, http=http, clock=clock)
    return clouds.reach(http, config.api_url, chart=_CHART, clock=clock, then=application)


async def _application(config: DingTalkConfig, *, http: httpx.AsyncClient, clock: Clock) -> Findings:
    api = Api(config, http=http, clock=clock)
    credentials = await _credentials(api)
    yield credentials
    if credentials.verdict is Verdict.BAD:
        return
    yield await _stream(config, http=http)
    for probe in probes(config):
        yield await _permission(api, probe)
    yield await directory.examine(Contacts(api), chart=_CHART, remedy=_CONTACTS)


async def _credentials(api: Api) -> Finding:
    step = "应用凭证"
    try:
        await api.token()
    except CredentialsRefused as refusal:
        where = f"{_CONSOLE} → 凭证与基础信息：抄 Client ID 和 Client Secret 到 .env"
        return _CHART.bad(step, str(refusal), where)
    except WireError as failure:
        return _CHART.bad(step, f"取不到令牌：{failure}", "过几分钟再试；一直这样就检查网络出口")
    return _CHART.good(step, "Client ID 和 Client Secret 有效")


async def _stream(config: DingTalkConfig, *, http: httpx.AsyncClient) -> Finding:
    """Ask for a place on the stream and leave it empty: a second socket would take messages away."""
    step = "Stream 模式"
    try:
        await open_place(http, config, seconds=8.0)
    except GatewayRefused as refusal:
        switch = f"{_CONSOLE} → 机器人：消息接收模式选「Stream 模式」，然后「版本管理与发布」发布一次"
        if config.public_url:
            said = f"没有开通（{refusal}）：消息和按钮只从 HTTP 回调来"
            return _CHART.warn(step, said, f"公司不许长连接就不用管；要用：{switch}")
        return _CHART.bad(step, f"没有开通（{refusal}）", switch)
    except WireError as failure:
        return _CHART.warn(step, f"现在连不上：{failure}", "过几分钟再试")
    return _CHART.good(step, "可以连接")


async def _permission(api: Api, probe: Probe) -> Finding:
    try:
        answer = await api.ask(probe.method, probe.path, probe.body)
    except WireError as failure:
        return _CHART.warn(probe.step, f"问不出来：{failure}", "过几分钟再试")
    return _meaning(probe, answer, judge(answer, *api.secrets))


def _meaning(probe: Probe, answer: Answer, verdict: Judgement) -> Finding:
    if verdict.fate is Fate.FORBIDDEN:
        return _forbidden(probe, answer, reason=verdict.reason)
    if verdict.fate is Fate.MONTH:
        return _spent(probe, verdict.reason)
    if "robotcode" in (code := text_of(answer.body, "code")).lower():
        where = f"{_CONSOLE} → 机器人：抄 RobotCode 到 BANZHANG_DINGTALK_ROBOT_CODE（一般就是 Client ID）"
        return _CHART.bad(probe.step, f"机器人编码不对（{code[:60]}）", where)
    if verdict.fate not in {Fate.DONE, Fate.REFUSED, Fate.CARD_MISSING}:
        return _CHART.warn(probe.step, f"问不出来：{verdict.reason}", "过几分钟再试")
    return _CHART.good(probe.step, f"有权限 {probe.permission.partition('（')[0]}")


def _spent(probe: Probe, reason: str) -> Finding:
    if not probe.needed:
        return _CHART.warn(probe.step, reason, "DING 的短信和电话要另买次数")
    return _CHART.bad(probe.step, reason, "买专业版或加量包，或等下个月；「额度」会提前提醒")


def _forbidden(probe: Probe, answer: Answer, *, reason: str) -> Finding:
    if "ipnotinwhitelist" in text_of(answer.body, "code").lower():
        where = f"{_CONSOLE} → 安全设置：把这台服务器的出口 IP 加进「服务器出口 IP」"
        return _CHART.bad(probe.step, reason, where)
    scopes = "、".join(required_scopes(answer)) or probe.permission
    remedy = f"{_CONSOLE} → 权限管理：开通 {scopes}，再发布一次"
    said = f"没有权限：{probe.without}"
    return (_CHART.bad if probe.needed else _CHART.warn)(probe.step, said, remedy)


def required_scopes(answer: Answer) -> list[str]:
    """Return the permissions that a refused call names; both spellings of the detail are met in the wild."""
    detail = mapping_of(answer.body, "accessdenieddetail") or mapping_of(answer.body, "AccessDeniedDetail")
    return [str(it) for it in list_of(detail, "requiredScopes")]
