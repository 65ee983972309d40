"""The doctor beside the pretend WeCom: the bot's credentials, a connection that must not be kicked, keys."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.doctor import wecom_bot
from bot.doctor.findings import Finding, Verdict
from bot.keeper import lease_name
from bot.platforms.http import new_client
from bot.platforms.wecom.config import WeComConfig
from bot.rules import Rules, read_playbook
from bot.settings import Settings
from domain.clock import FixedClock, SystemClock
from domain.ids import IdMaker
from domain.store import claims, migrate
from domain.store.office import open_office
from tests.wire.wecom_rig import Rig, rigged
from tests.wire.wecom_server import QUICK


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged(FixedClock(SystemClock().now())) as rig:
        yield rig


def a_config(rig: Rig, secret: str = "") -> WeComConfig:
    cloud = rig.cloud
    return WeComConfig(
        bot_id=cloud.bot_id,
        bot_secret=SecretStr(secret or cloud.secret),
        ws_url=cloud.ws_url,
        api_url=cloud.http_url,
        timing=QUICK,
    )


async def report(rig: Rig, folder: Path, *, secret: str = "", port: int = 9) -> dict[str, Finding]:
    """Return what the doctor finds, by step; `port` is where a running Banzhang would be."""
    settings = Settings(data_dir=folder, http_port=port)
    async with new_client() as http:
        rounds = wecom_bot.examine(settings, a_config(rig, secret), http=http, clock=SystemClock())
        return {finding.step: finding async for finding in rounds}


@contextlib.asynccontextmanager
async def serving(healthz: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[int]:
    """Serve /healthz as a running Banzhang would; give its port."""
    app = web.Application()
    app.add_routes([web.get("/healthz", healthz)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def test_right_credentials_are_good_and_the_line_is_left_again(rig: Rig, tmp_path: Path) -> None:
    found = await report(rig, tmp_path)
    assert found["智能机器人"].verdict is Verdict.GOOD
    assert found["时钟"].verdict is Verdict.GOOD
    assert not rig.cloud.subscribed


async def test_a_wrong_secret_is_said_without_being_shown(rig: Rig, tmp_path: Path) -> None:
    found = await report(rig, tmp_path, secret="no-such-secret")
    assert found["智能机器人"].verdict is Verdict.BAD
    assert "使用长连接" in found["智能机器人"].remedy
    assert "no-such-secret" not in found["智能机器人"].line()


async def test_a_connection_that_lives_is_not_pushed_aside(rig: Rig, tmp_path: Path) -> None:
    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"platforms": [{"name": "wecom", "state": "ready"}]})

    async with serving(healthz) as port:
        found = await report(rig, tmp_path, port=port)
    assert found["智能机器人"].verdict is Verdict.GOOD
    assert "正在运行" in found["智能机器人"].said
    assert rig.cloud.recorder.at("wecom.subscribe") == []


@pytest.mark.parametrize(
    ("token", "aes_key", "verdict"),
    [
        ("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", Verdict.GOOD),
        ("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2", Verdict.BAD),
        ("QDG6eK", "钥匙" * 21 + "x", Verdict.BAD),
        ("", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", Verdict.BAD),
    ],
)
def test_keys_of_a_callback_are_looked_at(token: str, aes_key: str, verdict: Verdict) -> None:
    assert wecom_bot.keys(token=token, aes_key=aes_key, door="自建应用").verdict is verdict


async def test_a_connection_that_another_node_holds_is_not_pushed_aside(rig: Rig, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    migrate.upgrade(settings.database)
    clock = SystemClock()
    rules = Rules(playbook=read_playbook(settings.playbook), clock=clock, new_id=IdMaker(node=1))
    office = open_office(settings.database, rules.setting, node="n1")
    hold = partial(claims.hold, name=lease_name("wecom"), holder="n1", seconds=30.0)
    assert office.write(hold).result()
    office.close()
    found = await report(rig, tmp_path)
    assert found["智能机器人"].verdict is Verdict.GOOD
    assert rig.cloud.recorder.at("wecom.subscribe") == []
