"""WeCom's AI bot: the long connection, without pushing a living one aside, and the keys of callbacks."""

import asyncio
import contextlib
from typing import Final

import httpx

from bot.doctor import clouds, lease
from bot.doctor.findings import Chart, Finding, Findings
from bot.platforms.base import State
from bot.platforms.http import WireError, call
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.crypto import key_bytes
from bot.platforms.wecom.line import Line
from bot.settings import Settings
from domain.clock import Clock

CHART: Final = Chart(area="企业微信")
_STEP: Final = "智能机器人"
_PATIENCE: Final = 12.0  # seconds: time-outs of the connection are 10
_WHERE: Final = "工作台 → 智能机器人 → 班长 → API 模式"
_SAID: Final[dict[str, Finding]] = {
    State.REFUSED: CHART.bad(
        _STEP,
        "Bot ID 或 Secret 不被接受",
        f"{_WHERE}：选「使用长连接」，把 Bot ID 和 Secret 抄到 .env（改成回调模式后长连接就失效）",
    ),
    State.KICKED: CHART.bad(_STEP, "被踢下线：同一个机器人在别处连着", "找到另一个实例，停掉"),
}


def examine(settings: Settings, config: WeComConfig, *, http: httpx.AsyncClient, clock: Clock) -> Findings:
    """Examine the bot on the long connection."""
    address = config.ws_url.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
    bot = _bot(settings, config, http=http, clock=clock)
    return clouds.reach(http, address, chart=CHART, clock=clock, then=bot)


async def _bot(settings: Settings, config: WeComConfig, *, http: httpx.AsyncClient, clock: Clock) -> Findings:
    state = await _running(settings, http=http)
    held = await asyncio.to_thread(lease.is_held, settings, connection="wecom", clock=clock)
    if held or state in {State.READY, State.STANDBY}:
        yield CHART.good(_STEP, "班长正在运行，连接归它（不再连一次：后连的会把它踢下线）")
    elif state in _SAID:
        yield _SAID[state]
    else:
        yield await _subscribe(config, clock=clock)


async def _running(settings: Settings, *, http: httpx.AsyncClient) -> str:
    """Return how a Banzhang that runs on this machine is connected; '' if none runs."""
    try:
        health = await call(
            http, "GET", f"http://{settings.http_host}:{settings.http_port}/healthz", seconds=3.0
        )
    except WireError:
        return ""
    platforms = health.body.get("platforms")
    found = [it for it in platforms if it.get("name") == "wecom"] if isinstance(platforms, list) else []
    return str(found[0].get("state")) if found else ""


async def _subscribe(config: WeComConfig, *, clock: Clock) -> Finding:
    line = Line(config, clock=clock, heard=lambda _frame, _link: None)
    keeping = asyncio.create_task(line.keep())
    try:
        ready = await _settled(line)
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
    if ready:
        return CHART.good(_STEP, "Bot ID 和 Secret 有效，长连接能订阅")
    return _SAID.get(line.standing.state) or CHART.warn(
        _STEP, line.standing.detail or "没有连上", "过几分钟再试"
    )


async def _settled(line: Line) -> bool:
    """Wait until the line is ready or has said why not."""
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while asyncio.get_running_loop().time() < deadline:
        if await line.ready(within=0.2):
            return True
        if line.standing.state is not State.CONNECTING or line.standing.detail:
            return False
    return False


def keys(*, token: str, aes_key: str, door: str) -> Finding:
    """Say whether Token and EncodingAESKey of a callback can be right: 43 letters that stand for 32 bytes."""
    step = f"{door}回调"
    names = "Token 和 EncodingAESKey"
    if not token or not aes_key:
        return CHART.bad(step, f"{names} 要一起填", "从管理后台的回调设置里抄")
    try:
        key_bytes(aes_key)
    except ValueError:
        return CHART.bad(step, "EncodingAESKey 不对：要 43 个字母和数字", "从管理后台的回调设置里重新抄")
    return CHART.good(step, f"{names} 的样子是对的")
