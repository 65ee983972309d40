"""The doctor beside the pretend DingTalk: what is missing is called by its name, with what to do."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.doctor import dingtalk
from bot.doctor.findings import Finding, Verdict, summary
from bot.platforms.http import new_client
from bot.sandbox.dingtalk import DingTalkCloud
from domain.clock import SystemClock
from tests.wire.dingtalk_house import a_config
from tests.wire.dingtalk_probe import a_cloud


@pytest.fixture
async def cloud() -> AsyncIterator[DingTalkCloud]:
    async with a_cloud() as cloud:
        yield cloud


async def report(
    cloud: DingTalkCloud, *, clock: SystemClock | None = None, **config: Any
) -> dict[str, Finding]:
    """Return what the doctor finds, by step."""
    async with new_client() as http:
        rounds = dingtalk.examine(a_config(cloud, **config), http=http, clock=clock or SystemClock())
        return {finding.step: finding async for finding in rounds}


async def test_a_good_application_has_nothing_to_mend_and_nobody_hears_of_it(cloud: DingTalkCloud) -> None:
    found = await report(cloud)
    assert {step: it.verdict for step, it in found.items() if it.verdict is not Verdict.GOOD} == {}
    assert set(found) == {"网络", "时钟", "应用凭证", "Stream 模式", "发消息", "互动卡片", "DING", "通讯录"}
    assert summary(found.values()) == "都好。"
    assert cloud.world.posts() == []
    assert cloud.recorder.violations == []


async def test_a_wrong_secret_ends_the_rounds_with_where_to_look(cloud: DingTalkCloud) -> None:
    found = await report(cloud, client_secret=SecretStr("wrong-secret"))
    assert found["应用凭证"].verdict is Verdict.BAD
    assert "BANZHANG_DINGTALK_CLIENT_SECRET" in found["应用凭证"].said
    assert "凭证与基础信息" in found["应用凭证"].remedy
    assert "wrong-secret" not in found["应用凭证"].line()
    assert "发消息" not in found


async def test_without_stream_mode_the_switch_is_named(cloud: DingTalkCloud) -> None:
    cloud.faults.add("status", "dingtalk.open", status=400, code="systemError")
    found = await report(cloud)
    assert found["Stream 模式"].verdict is Verdict.BAD
    assert "消息接收模式选「Stream 模式」" in found["Stream 模式"].remedy
    assert found["发消息"].verdict is Verdict.GOOD


async def test_who_is_called_by_http_may_do_without_stream_mode(cloud: DingTalkCloud) -> None:
    cloud.faults.add("status", "dingtalk.open", status=400, code="systemError")
    found = await report(cloud, public_url="https://banzhang.example.com")
    assert found["Stream 模式"].verdict is Verdict.WARN
    assert "HTTP 回调" in found["Stream 模式"].said


@pytest.mark.parametrize(
    ("door", "scope", "step", "verdict"),
    [
        ("oto", "qyapi_robot_sendmsg", "发消息", Verdict.BAD),
        ("card.update", "Card.Instance.Write", "互动卡片", Verdict.BAD),
        ("ding.recall", "Premium.Ding.Write", "DING", Verdict.WARN),
        ("members", "qyapi_get_department_member", "通讯录", Verdict.WARN),
    ],
)
async def test_a_missing_permission_is_called_by_its_name(
    cloud: DingTalkCloud, door: str, scope: str, step: str, verdict: Verdict
) -> None:
    cloud.lacks(door, scope)
    found = await report(cloud)
    assert found[step].verdict is verdict
    assert scope in found[step].remedy
    assert [it.step for it in found.values() if it.verdict is not Verdict.GOOD] == [step]


async def test_a_foreign_address_is_to_be_let_in(cloud: DingTalkCloud) -> None:
    code = "Forbidden.AccessDenied.IpNotInWhiteList"
    cloud.faults.add("status", "dingtalk.oto", status=403, code=code)
    found = await report(cloud)
    assert "服务器出口 IP" in found["发消息"].remedy


async def test_a_wrong_robot_code_is_said(cloud: DingTalkCloud) -> None:
    found = await report(cloud, robot_code="dingother")
    assert found["发消息"].verdict is Verdict.BAD
    assert "BANZHANG_DINGTALK_ROBOT_CODE" in found["发消息"].remedy


async def test_a_spent_month_is_said(cloud: DingTalkCloud) -> None:
    code = "Forbidden.AccessDenied.ApiCountLimitForOrg"
    cloud.faults.add("status", "dingtalk.oto", status=403, code=code)
    found = await report(cloud)
    assert found["发消息"].verdict is Verdict.BAD
    assert "加量包" in found["发消息"].remedy


@pytest.mark.parametrize(("off", "verdict"), [(90, Verdict.WARN), (-4000, Verdict.BAD)])
async def test_a_clock_that_is_off_is_said(cloud: DingTalkCloud, off: int, verdict: Verdict) -> None:
    found = await report(cloud, clock=SystemClock(timedelta(seconds=off)))
    assert found["时钟"].verdict is verdict
    assert "chrony" in found["时钟"].remedy


async def test_a_cloud_out_of_reach_is_said_once(cloud: DingTalkCloud) -> None:
    found = await report(cloud, api_url="http://127.0.0.1:9")
    assert found["网络"].verdict is Verdict.BAD
    assert "出口白名单" in found["网络"].remedy
    assert list(found) == ["网络"]
