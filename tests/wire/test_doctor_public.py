"""The doctor at the address by which the world reaches us, and what both doors of WeCom have in common."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.doctor import public, rounds
from bot.doctor.findings import Finding, Verdict
from bot.platforms.dingtalk.callbacks import CARDS_PATH
from bot.platforms.http import new_client
from bot.settings import Settings
from domain.clock import SystemClock


async def nothing(_request: web.Request) -> web.Response:
    return web.Response()


@pytest.fixture
async def ours() -> AsyncIterator[str]:
    """A server that has our callback and nothing else."""
    app = web.Application()
    app.add_routes([web.post(CARDS_PATH, nothing)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://banzhang.example.com", Verdict.GOOD),
        ("https://banzhang.example.com/", Verdict.GOOD),
        ("http://banzhang.example.com", Verdict.BAD),
        ("banzhang.example.com", Verdict.BAD),
        ("https://banzhang.example.com/callbacks/dingtalk/cards", Verdict.BAD),
    ],
)
def test_the_address_is_https_and_has_no_path(url: str, verdict: Verdict) -> None:
    assert public.form(url).verdict is verdict


async def test_whether_our_callback_is_there_is_told(ours: str) -> None:
    async with new_client() as http:
        assert (await public.answers(ours, http=http)).verdict is Verdict.GOOD
        elsewhere = await public.answers(f"{ours}/other", http=http)
        assert (elsewhere.verdict, "404" in elsewhere.said) == (Verdict.BAD, True)
        nobody = await public.answers("http://127.0.0.1:9", http=http)
        assert "连不上" in nobody.said


@pytest.mark.parametrize("late", [0, 90])
async def test_what_both_doors_of_wecom_find_is_said_once(ours: str, tmp_path: Path, late: int) -> None:
    """Also where the second is asked a second later, and the clock is off."""
    settings = Settings(
        data_dir=tmp_path,
        wecom_bot_id="b",
        wecom_bot_secret=SecretStr("s"),
        wecom_corp_id="c",
        wecom_agent_id="1",
        wecom_agent_secret=SecretStr("s"),
        wecom_ws_url=ours.replace("http", "ws"),
        wecom_api_url=ours,
    )
    orders = rounds.Orders()
    clock, found = SystemClock(timedelta(seconds=late)), list[Finding]()
    async for finding in rounds.examine(settings, clock=clock, orders=orders):
        found.append(finding)
        clock.advance(timedelta(seconds=2))
    assert [it.step for it in found].count("网络") == 1
    assert [it.step for it in found].count("时钟") == 1
