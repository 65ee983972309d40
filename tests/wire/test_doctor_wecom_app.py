"""The doctor beside the pretend WeCom's self-built app: trusted IP, AgentId, who sees it, menu, callback."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.doctor import outside, wecom_app
from bot.doctor.findings import Finding, Verdict, summary
from bot.doctor.wecom_bot import CHART
from bot.platforms.wecom.crypto import Envelopes
from domain.clock import FixedClock, SystemClock
from tests.wire.wecom_app_house import AppHouse, app_town


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[AppHouse]:
    async with app_town(FixedClock(SystemClock().now()), tmp_path) as house:
        yield house


async def report(house: AppHouse, *, make_menu: bool = False, **changes: Any) -> dict[str, Finding]:
    """Return what the doctor finds, by step."""
    config = replace(house.config, **changes)
    rounds = wecom_app.examine(config, http=house.http, clock=SystemClock(), make_menu=make_menu)
    return {finding.step: finding async for finding in rounds}


async def verified(house: AppHouse, url: str, **changes: str) -> Finding:
    """Return what calling our callback from outside shows."""
    app = house.app
    keys = {"token": app.token, "aes_key": app.aes_key, "receive_id": app.corp_id} | changes
    envelopes = Envelopes(**keys, clock=house.clock)
    return await outside.verify(url, envelopes=envelopes, http=house.http, clock=SystemClock(), chart=CHART)


async def test_a_good_app_lacks_only_its_menu_which_can_be_made(house: AppHouse) -> None:
    found = await report(house)
    assert {step for step, it in found.items() if it.verdict is not Verdict.GOOD} == {"菜单"}
    assert "--menu" in found["菜单"].remedy
    found = await report(house, make_menu=True)
    assert found["菜单"].said == "刚建好：扫码、报工、更多"
    assert (await report(house))["菜单"].said == "扫码、报工、更多"
    assert summary(found.values()) == "都好。"
    assert house.posts == []
    assert house.broken == []


async def test_a_wrong_secret_is_said_without_being_shown(house: AppHouse) -> None:
    found = await report(house, secret=SecretStr("no-such-secret"))
    assert found["应用凭证"].verdict is Verdict.BAD
    assert "BANZHANG_WECOM_AGENT_SECRET" in found["应用凭证"].said
    assert "no-such-secret" not in found["应用凭证"].line()
    assert list(found)[-1] == "应用凭证"


async def test_an_address_that_is_not_trusted_is_named(house: AppHouse) -> None:
    house.app.counter.trusted = False
    found = await report(house)
    assert found["发消息"].verdict is Verdict.BAD
    assert "127.0.0.1" in found["发消息"].said
    assert "企业可信 IP" in found["发消息"].remedy
    assert [step for step in found if step not in {"网络", "时钟", "应用凭证", "发消息"}] == [
        "可见范围、通讯录、菜单"
    ]
    assert "企业可信 IP" in found["可见范围、通讯录、菜单"].said


async def test_a_foreign_agent_id_is_said(house: AppHouse) -> None:
    found = await report(house, agent_id=1000009)
    assert found["发消息"].verdict is Verdict.BAD
    assert "BANZHANG_WECOM_AGENT_ID" in found["发消息"].remedy


@pytest.mark.parametrize(
    ("departments", "people", "verdict", "words"),
    [
        ([], [], Verdict.BAD, "谁也看不到"),
        ([2, 3], ["ligong"], Verdict.WARN, "2 个部门、1 个人"),
        ([1], [], Verdict.GOOD, "全公司"),
    ],
)
async def test_who_sees_the_app_is_said(
    house: AppHouse, departments: list[int], people: list[str], verdict: Verdict, words: str
) -> None:
    house.app.agents.departments, house.app.agents.people = departments, people
    found = await report(house)
    assert found["可见范围"].verdict is verdict
    assert words in found["可见范围"].said


async def test_an_app_that_is_switched_off_is_said(house: AppHouse) -> None:
    house.app.agents.closed = True
    assert (await report(house))["可见范围"].verdict is Verdict.BAD


async def test_our_callback_is_called_as_wecom_would(house: AppHouse) -> None:
    assert (await verified(house, house.url)).verdict is Verdict.GOOD
    wrong = await verified(house, house.url, token="another")
    assert wrong.verdict is Verdict.BAD
    assert "Token" in wrong.remedy
    assert "时钟" in wrong.remedy
    nobody = await verified(house, "http://127.0.0.1:9/callbacks/wecom/app")
    assert "反向代理" in nobody.remedy


async def test_a_clock_that_differs_is_told_from_a_key_that_does(house: AppHouse) -> None:
    app = house.app
    late = FixedClock(house.clock.now() + timedelta(minutes=20))
    envelopes = Envelopes(token=app.token, aes_key=app.aes_key, receive_id=app.corp_id, clock=late)
    found = await outside.verify(house.url, envelopes=envelopes, http=house.http, clock=late, chart=CHART)
    assert found.verdict is Verdict.BAD
    assert "时钟和这台机器差 12" in found.said, "some 1200 seconds"
    assert "chrony" in found.remedy
