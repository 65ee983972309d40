"""A plant whose only way out is a proxy: API, sockets and pictures go by it, and it resolves the names."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
import pytest
from pydantic import SecretStr

from bot.clouds import dingtalk_config, wecom_config
from bot.doctor import rounds
from bot.doctor.findings import Verdict
from bot.platforms.base import MediaUnavailable, State
from bot.platforms.dingtalk import DingTalk
from bot.platforms.downloads import Downloads
from bot.platforms.http import NotSent, call, new_client
from bot.platforms.wecom.line import Line
from bot.sandbox.dingtalk import DingTalkCloud
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.world import World
from bot.settings import Settings
from domain.clock import SystemClock
from notifier.card import Card
from notifier.delivery import Delivered, Outgoing
from tests.wire.dingtalk_house import Ears
from tests.wire.dingtalk_probe import HAN, LI, LINE, eventually
from tests.wire.proxy import a_proxy

NAME = "cloud.example.com"  # nobody but the proxy knows where that is
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def named(url: str) -> str:
    """Return an address of the sandbox by a name that does not resolve here."""
    return url.replace(urlsplit(url).hostname or "", NAME)


def a_plant(dingtalk: DingTalkCloud | None, wecom: WeComCloud | None, *, proxy: str) -> Settings:
    """Return settings that name these clouds, and the proxy."""
    found: dict[str, object] = {"proxy": SecretStr(proxy), "http_port": 9}
    if dingtalk:
        found |= {"dingtalk_client_id": dingtalk.client_id, "dingtalk_robot_code": dingtalk.robot_code}
        found |= {"dingtalk_client_secret": SecretStr(dingtalk.client_secret)}
        found |= {"dingtalk_api_url": named(dingtalk.url), "dingtalk_oapi_url": named(dingtalk.url)}
    if wecom:
        found |= {"wecom_bot_id": wecom.bot_id, "wecom_bot_secret": SecretStr(wecom.secret)}
        found |= {"wecom_ws_url": named(wecom.ws_url), "wecom_api_url": named(wecom.http_url)}
    return Settings(_env_file=None, **found)  # type: ignore[arg-type]


async def test_dingtalk_is_heard_answered_and_its_picture_fetched() -> None:
    world = World([LI, HAN], [LINE], clock=SystemClock())

    async def unknown(_host: str, _port: int) -> list[str]:
        return []  # as where only the proxy has a name server

    async with (
        a_proxy() as proxy,
        DingTalkCloud(world) as cloud,
        new_client(proxy=proxy.url) as http,
    ):
        cloud.gateway.url, cloud._media.url = named(cloud.gateway.url), named(cloud.url)
        config = dingtalk_config(a_plant(cloud, None, proxy=proxy.url))
        ears = Ears()
        platform = DingTalk(config, http=http, hear=ears, clock=world.clock, node="n1", resolve=unknown)
        running = asyncio.create_task(platform.run())
        await eventually(lambda: platform.health().state is State.READY)
        world.say("li", "line3", text="看这张", images=[PNG], mention_bot=True)
        heard = await ears.next()
        assert await platform.fetch(heard.media[0]) == PNG
        out = Outgoing(id=1, key="o-1", chat_id=heard.chat_id, chat_kind="group", card=Card(lines=("收到",)))
        assert isinstance(await platform.send(out), Delivered)
        assert proxy.hosts == [NAME, NAME], "one kept connection for API and picture, and the socket"
        await platform.stop()
        await running
    assert any("收到" in str(post.body) for post in world.posts("line3", author="bot"))


async def test_wecoms_line_goes_by_it() -> None:
    async with a_proxy() as proxy, WeComCloud(World(clock=SystemClock())) as cloud:
        config = wecom_config(a_plant(None, cloud, proxy=proxy.url))
        line = Line(config, clock=SystemClock(), heard=lambda _frame, _link: None)
        keeping = asyncio.create_task(line.keep())
        assert await line.ready(within=8)
        assert proxy.hosts == [NAME]
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_a_proxy_that_does_not_let_us_go_is_named_by_the_doctor_without_its_password() -> None:
    async with a_proxy("bot:wrong-word") as proxy:
        settings = Settings(
            _env_file=None,
            proxy=SecretStr(proxy.url),
            dingtalk_client_id="d",
            dingtalk_client_secret=SecretStr("s"),
        )
        found = [it async for it in rounds.examine(settings, clock=SystemClock(), orders=rounds.Orders())]
        async with new_client(proxy=proxy.url) as http:
            with pytest.raises(NotSent) as refused:
                await call(http, "GET", "https://api.dingtalk.com/")
    network = next(it for it in found if (it.area, it.step) == ("钉钉", "网络"))
    assert network.verdict is Verdict.BAD
    assert "BANZHANG_PROXY" in network.remedy
    assert "wrong-word" not in str([it.line() for it in found]) + str(refused.value)
    assert proxy.denied


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/x", "http://localhost/x", "http://[::1]/x", "http://intranet/x"]
)
async def test_what_is_plainly_inside_is_not_fetched_by_it(url: str) -> None:
    async with a_proxy() as proxy, new_client(proxy=proxy.url) as http:
        with pytest.raises(MediaUnavailable, match="private"):
            await Downloads(http, bases=("https://api.dingtalk.com",)).get(url)
        assert proxy.hosts == []


async def test_this_machine_is_reached_directly() -> None:
    async with a_proxy() as proxy, new_client(proxy=proxy.url) as http, WeComCloud(World()) as cloud:
        await call(http, "GET", cloud.http_url)
        assert proxy.hosts == []
        assert issubclass(aiohttp.ClientHttpProxyError, aiohttp.ClientError), (
            "what the sockets' loops survive"
        )
