"""WeCom's self-built app, step by step: credentials, AgentId, trusted IP, who sees it, the menu."""

from typing import Any, Final

import httpx

from bot.doctor import clouds, directory
from bot.doctor.findings import Finding, Findings, Verdict
from bot.doctor.wecom_bot import CHART
from bot.platforms.http import Answer, CredentialsRefused, WireError
from bot.platforms.wecom.app import menu
from bot.platforms.wecom.app.api import Api, ApiRefused
from bot.platforms.wecom.app.config import AppConfig
from bot.platforms.wecom.app.directory import Contacts
from bot.platforms.wecom.app.outcomes import NOBODY, NOT_TRUSTED, errcode_of, verdict
from domain.clock import Clock

_NO_SUCH_MEMBER: Final = "banzhang-doctor"
_WHERE: Final = "管理后台 → 应用管理 → 自建 → 班长"
_NO_AGENT: Final = frozenset({40056, 301002})
_LATER: Final = "过几分钟再试"
_TRUST: Final = f"{_WHERE} → 企业可信 IP：填上（先要设置好接收消息的回调）"
_REST: Final = "可见范围、通讯录、菜单"


def examine(config: AppConfig, *, http: httpx.AsyncClient, clock: Clock, make_menu: bool) -> Findings:
    """Examine the app; `make_menu` puts our menu in place of whatever stands there."""
    app = _app(config, http=http, clock=clock, make_menu=make_menu)
    return clouds.reach(http, config.api_url, chart=CHART, clock=clock, then=app)


async def _app(config: AppConfig, *, http: httpx.AsyncClient, clock: Clock, make_menu: bool) -> Findings:
    api = Api(config, http=http, clock=clock)
    credentials = await _credentials(api)
    yield credentials
    if credentials.verdict is not Verdict.GOOD:
        return
    sending = await _sending(api, agent_id=config.agent_id)
    yield sending
    if sending.remedy == _TRUST:  # nothing else can be asked from here
        yield CHART.skip(_REST, "要先填企业可信 IP 才看得到", "填好再运行一次 banzhang doctor")
    else:
        yield await _visible(api, agent_id=config.agent_id)
        yield await directory.examine(Contacts(api), chart=CHART, remedy=f"{_WHERE} → 可见范围：选全公司")
        yield await _menu(api, agent_id=config.agent_id, make=make_menu)


async def _credentials(api: Api) -> Finding:
    step = "应用凭证"
    try:
        await api.check()
    except CredentialsRefused as refusal:
        company = "管理后台 → 我的企业 → 企业 ID"
        return CHART.bad(step, str(refusal), f"{_WHERE}：抄 Secret 到 .env；{company}")
    except WireError as failure:
        return CHART.bad(step, f"取不到令牌：{failure}", _LATER)
    return CHART.good(step, "企业 ID 和 Secret 有效")


async def _sending(api: Api, *, agent_id: int) -> Finding:
    """Send to nobody: whether our address is trusted and the AgentId is right is told before that."""
    step = "发消息"
    body = {"touser": _NO_SUCH_MEMBER, "msgtype": "text", "agentid": agent_id, "text": {"content": "doctor"}}
    try:
        answer = await api.ask("POST", "message/send", json=body)
    except WireError as failure:
        return CHART.warn(step, f"问不出来：{failure}", _LATER)
    code, reason = errcode_of(answer), _reason(answer)
    if code == NOT_TRUSTED:
        return CHART.bad(step, reason, _TRUST)
    if code in _NO_AGENT:
        return CHART.bad(step, reason, f"{_WHERE}：抄 AgentId 到 BANZHANG_WECOM_AGENT_ID")
    if code in {0, NOBODY}:
        return CHART.good(step, "可以发，本机 IP 可信，AgentId 是对的")
    return CHART.warn(step, reason, _LATER)


async def _visible(api: Api, *, agent_id: int) -> Finding:
    """Read whom the app may speak to (page 90227)."""
    step = "可见范围"
    try:
        agent = await api.right("GET", "agent/get", params={"agentid": agent_id})
    except ApiRefused as refusal:
        return CHART.warn(step, _reason(refusal.answer), _LATER)
    except WireError as failure:
        return CHART.warn(step, f"问不出来：{failure}", _LATER)
    if agent.get("close"):
        return CHART.bad(step, "应用被停用了", f"{_WHERE}：启用")
    departments = _listed(agent, "allow_partys", "partyid")
    people = _listed(agent, "allow_userinfos", "user")
    if not departments and not people:
        return CHART.bad(step, "谁也看不到这个应用", f"{_WHERE} → 可见范围：选全公司")
    if 1 not in departments:
        said = f"{len(departments)} 个部门、{len(people)} 个人，不是全公司"
        return CHART.warn(step, said, f"通讯录只能读到这些人；要全公司：{_WHERE} → 可见范围")
    return CHART.good(step, "全公司")


async def _menu(api: Api, *, agent_id: int, make: bool) -> Finding:
    step = "菜单"
    try:
        if make:
            await menu.create(api, agent_id=agent_id)
        names = [str(entry.get("name")) for entry in await menu.read(api, agent_id=agent_id)]
    except ApiRefused as refusal:
        return CHART.warn(step, f"看不到：{_reason(refusal.answer)}", _LATER)
    except WireError as failure:
        return CHART.warn(step, f"看不到（{failure}）", _LATER)
    ours = [str(entry["name"]) for entry in menu.entries()]
    if names == ours:
        return CHART.good(step, f"{'刚建好：' if make else ''}{'、'.join(names)}")
    there = f"现在是：{'、'.join(names)}" if names else "还没有"
    return CHART.warn(step, f"扫码菜单{there}", "运行 banzhang doctor --menu 建好它")


def _reason(answer: Answer) -> str:
    return f"{verdict(answer).meaning}（{errcode_of(answer)}）"


def _listed(agent: dict[str, Any], outer: str, inner: str) -> list[Any]:
    found = agent.get(outer)
    listed = found.get(inner) if isinstance(found, dict) else None
    return listed if isinstance(listed, list) else []
