"""The doctor's rounds: the machine, then every door of every cloud that has credentials."""

import asyncio
from dataclasses import dataclass, replace
from typing import Final

import httpx
from pydantic import SecretStr

from bot.clouds import app_config, configured, dingtalk_config, wecom_config
from bot.doctor import clouds, dingtalk, hooks, machine, outside, public, wecom_app, wecom_bot
from bot.doctor.findings import Chart, Finding, Findings, Verdict
from bot.platforms.http import new_client
from bot.platforms.wecom.crypto import Envelopes
from bot.platforms.wecom.doors import APP_PATH, BOT_PATH
from bot.settings import Settings
from domain.clock import Clock
from domain.playbook import Playbook, PlaybookInvalid, load

_DINGTALK: Final = "见 docs/guide-dingtalk.md"
_WECOM: Final = "见 docs/guide-wecom.md"


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the doctor is to do besides looking: verify callbacks at our public `url`, make the app's menu."""

    url: str = ""
    make_menu: bool = False


async def examine(settings: Settings, *, clock: Clock, orders: Orders) -> Findings:
    """Look at everything that the settings name; nothing that is running is disturbed."""
    async for finding in machine.examine(settings):
        yield finding
    if not configured(settings):
        yield Chart(area="本机").bad("平台", "一个平台都没有配置，班长没有地方说话", f"{_DINGTALK}，{_WECOM}")
    book, seen = await _rules(settings), set[str]()
    url = (book and book.site.public_url) or ""
    async with new_client(proxy=settings.proxy.get_secret_value()) as http:
        async for finding in public.examine(url, http=http):
            yield finding
        async for finding in _dingtalk(settings, http=http, clock=clock, url=url):
            yield finding
        async for finding in _wecom(settings, http=http, clock=clock, orders=orders):
            if (said := _what(finding)) not in seen:  # both doors of WeCom ask the same network and clock
                yield finding
            seen.add(said)
        bot, app = wecom_config(settings), app_config(settings)
        if bot.is_called and not bot.connects:
            yield hooks.unprompted(book, app=app.speaks)
        if book:
            async for finding in hooks.examine(book, settings, http=http, clock=clock):
                yield finding


async def _rules(settings: Settings) -> Playbook | None:
    """Return the playbook; None for one with errors, which have been told of before."""
    try:
        return await asyncio.to_thread(load, settings.playbook)
    except PlaybookInvalid:
        return None


def _what(finding: Finding) -> str:
    """Return what makes a finding the same as another: two hosts tell times that differ by a second."""
    return finding.step if finding.step == clouds.CLOCK else finding.line()


async def _dingtalk(settings: Settings, *, http: httpx.AsyncClient, clock: Clock, url: str) -> Findings:
    if not settings.dingtalk_client_id:
        yield Chart(area="钉钉").skip("开关", "没有配置 BANZHANG_DINGTALK_CLIENT_ID，没启用", _DINGTALK)
        return
    config = replace(dingtalk_config(settings), public_url=url)
    async for finding in dingtalk.examine(config, http=http, clock=clock):
        yield finding


async def _wecom(settings: Settings, *, http: httpx.AsyncClient, clock: Clock, orders: Orders) -> Findings:
    bot, app = wecom_config(settings), app_config(settings)
    if not (bot.connects or bot.is_called or app.speaks):
        yield wecom_bot.CHART.skip("开关", "没有配置 BANZHANG_WECOM_BOT_ID 或 _CORP_ID，没启用", _WECOM)
        return
    if bot.connects:
        async for finding in wecom_bot.examine(settings, bot, http=http, clock=clock):
            yield finding
    if app.speaks:
        async for finding in wecom_app.examine(app, http=http, clock=clock, make_menu=orders.make_menu):
            yield finding
    callbacks = (
        ("智能机器人", BOT_PATH, settings.wecom_bot_token, settings.wecom_bot_aes_key, ""),
        ("自建应用", APP_PATH, settings.wecom_app_token, settings.wecom_app_aes_key, app.corp_id),
    )
    for door, path, token, aes_key, receiver in callbacks:
        async for finding in _callback(
            _Called(door=door, path=path, token=token, aes_key=aes_key, receiver=receiver),
            http=http,
            clock=clock,
            url=orders.url,
        ):
            yield finding


@dataclass(frozen=True, kw_only=True)
class _Called:
    """A callback door of WeCom."""

    door: str
    path: str
    token: SecretStr
    aes_key: SecretStr
    receiver: str

    @property
    def keys(self) -> dict[str, str]:
        return {"token": self.token.get_secret_value(), "aes_key": self.aes_key.get_secret_value()}


async def _callback(called: _Called, *, http: httpx.AsyncClient, clock: Clock, url: str) -> Findings:
    if not any(called.keys.values()):
        return
    finding = wecom_bot.keys(**called.keys, door=called.door)
    yield finding
    if finding.verdict is Verdict.GOOD and url:
        envelopes = Envelopes(**called.keys, receive_id=called.receiver, clock=clock)
        where, chart = url.rstrip("/") + called.path, Chart(area=f"企业微信 · {called.door}")
        yield await outside.verify(where, envelopes=envelopes, http=http, clock=clock, chart=chart)
