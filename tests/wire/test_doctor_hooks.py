"""The doctor at the groups' robots: a wrong address is told before an alarm needs it; nobody hears it ask."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.doctor import hooks
from bot.doctor.findings import Finding, Verdict
from bot.platforms.http import new_client
from bot.sandbox.dingtalk import DingTalkCloud
from bot.settings import Settings
from domain.clock import FixedClock, SystemClock
from domain.playbook import Playbook
from tests.plants import demo
from tests.wire.dingtalk_probe import a_cloud
from tests.wire.wecom_app_house import GROUP, AppHouse, app_town


def hooked(code: str, *, secret: str | None = None) -> Playbook:
    """Return the demo plant with the reference `env:HOOK` at one group, and none elsewhere."""
    plant = demo()
    named = {code: {"webhook": "env:HOOK", "secret": secret}}
    none = {"webhook": None, "secret": None}
    chats = [chat.model_copy(update=named.get(chat.code, none)) for chat in plant.chats]
    return plant.model_copy(update={"chats": tuple(chats)})


async def found(book: Playbook, **settings: str) -> Finding:
    """Return the one finding."""
    async with new_client() as http:
        given = Settings(**settings)  # type: ignore[arg-type]
        (finding,) = [it async for it in hooks.examine(book, given, http=http, clock=SystemClock())]
    return finding


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[AppHouse]:
    async with app_town(FixedClock(SystemClock().now()), tmp_path) as house:
        yield house


async def test_a_wecom_robot_is_asked_without_a_word_in_the_group(
    house: AppHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = house.app.hooks.add(GROUP)
    monkeypatch.setenv("HOOK", house.app.hook_url(GROUP))
    good = await found(hooked("warehouse"), wecom_api_url=house.cloud.http_url)
    assert (good.verdict, house.world.posts(GROUP)) == (Verdict.GOOD, [])
    monkeypatch.setenv("HOOK", f"{key}x")
    gone = await found(hooked("warehouse"), wecom_api_url=house.cloud.http_url)
    assert (gone.verdict, "已从群里移除" in gone.said) == (Verdict.BAD, True)
    assert "env:HOOK" in gone.remedy
    assert key not in gone.line()


async def test_a_dingtalk_robot_that_wants_another_signature_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_cloud() as cloud:
        cloud.world.clock.advance(SystemClock().now() - cloud.world.clock.now())
        monkeypatch.setenv("HOOK", cloud.hooks.add("line3", secret="SECabc"))
        monkeypatch.setenv("SIGN", "SECabc")
        assert (await robot(cloud, secret="env:SIGN")).verdict is Verdict.GOOD
        monkeypatch.setenv("SIGN", "SECother")
        wrong = await robot(cloud, secret="env:SIGN")
        assert (wrong.verdict, "SECother" in wrong.line()) == (Verdict.BAD, False)
        monkeypatch.setenv("HOOK", "https://evil.example/robot/send?access_token=1")
        assert "不是钉钉的地址" in (await robot(cloud)).said
        assert cloud.world.posts("line3") == []


async def robot(cloud: DingTalkCloud, *, secret: str | None = None) -> Finding:
    """Return what is found at the workshop's robot."""
    book = hooked("workshop", secret=secret)
    return await found(book, dingtalk_api_url=cloud.url, dingtalk_oapi_url=cloud.url)


async def test_a_reference_that_leads_nowhere_and_a_cloud_that_is_not_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HOOK", raising=False)
    missing = await found(hooked("warehouse"))
    assert (missing.verdict, missing.said) == (Verdict.BAD, "取不到 env:HOOK")
    monkeypatch.setenv("HOOK", "http://127.0.0.1:9/cgi-bin/webhook/send?key=1")
    assert (await found(hooked("warehouse"))).verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("app", "group", "verdict"),
    [
        (False, "", Verdict.BAD),
        (True, "", Verdict.WARN),
        (True, "warehouse", Verdict.GOOD),
        (False, "warehouse", Verdict.WARN),
    ],
)
def test_what_a_bot_that_is_only_called_lacks_to_speak_unprompted(
    app: bool,  # noqa: FBT001 (a case)
    group: str,
    verdict: Verdict,
) -> None:
    plant = hooked(group)
    alone = tuple(chat for chat in plant.chats if chat.code == "warehouse")
    finding = hooks.unprompted(plant.model_copy(update={"chats": alone}), app=app)
    assert (finding.step, finding.verdict) == ("主动发消息", verdict)
