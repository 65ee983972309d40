"""The pretend DingTalk stream: its sockets: balance, ping, disconnect, and every way to fall ill."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.sandbox.dingtalk import DingTalkCloud
from tests.wire.dingtalk_probe import CARD, Probe, a_cloud, eventually


@pytest.fixture
async def cloud() -> AsyncIterator[DingTalkCloud]:
    async with a_cloud() as cloud:
        yield cloud


@pytest.fixture
async def probe(cloud: DingTalkCloud) -> AsyncIterator[Probe]:
    async with Probe(cloud) as probe:
        yield probe


# sockets


async def test_pushes_go_to_a_random_socket_that_subscribed_to_them(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    streams = [await probe.connect(), await probe.connect()]
    await probe.connect(CARD)
    for _ in range(20):
        cloud.world.say("li", "line3", text="x", mention_bot=True)
    await eventually(lambda: len(cloud.recorder.payloads("dingtalk.stream", "out")) == 20)
    used = {frame["headers"]["connectionId"] for frame in cloud.recorder.payloads("dingtalk.stream", "out")}
    assert used == {socket.id for socket in cloud.courier.sockets[:2]}
    assert len(streams) == 2


async def test_a_ping_wants_its_opaque_back(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    for echo, fine in ((None, True), ({"opaque": "other"}, False)):
        asking = asyncio.create_task(cloud.ping())
        frame = await stream.frame()
        assert (frame["type"], frame["headers"]["topic"]) == ("SYSTEM", "ping")
        await stream.ack(frame, echo or frame["data"])
        assert await asking is fine
    asking = asyncio.create_task(cloud.ping())
    await stream.frame()
    cloud.world.clock.advance(timedelta(seconds=11))
    assert await asking is False
    assert cloud.recorder.rules_broken() == ["ping.opaque"]


async def test_after_disconnect_nothing_is_delivered_and_the_socket_drops_after_10_seconds(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    old = await probe.connect()
    assert cloud.disconnect("connection is expired") == 1
    frame = await old.frame()
    assert (frame["headers"]["topic"], frame["data"]) == ("disconnect", {"reason": "connection is expired"})
    new = await probe.connect()
    cloud.world.say("li", "line3", text="x", mention_bot=True)
    assert (await new.frame())["data"]["msgtype"] == "text"
    assert await old.silence(0.1)
    cloud.world.clock.advance(timedelta(seconds=10))
    assert (await old.ws.receive(timeout=5)).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_socket_closes_cleanly(cloud: DingTalkCloud, probe: Probe, code: int) -> None:
    stream = await probe.connect()
    closing = asyncio.create_task(cloud.close_sockets(code))
    message = await stream.ws.receive(timeout=5)
    await closing
    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, code)
    cloud.faults.add("close", "dingtalk.socket", times=1, code=code)
    again = await probe.connect()
    assert (await again.ws.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


async def test_a_socket_is_cut(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    cloud.cut_sockets()
    message = await stream.ws.receive(timeout=5)
    assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    await eventually(lambda: not cloud.connected)


async def test_a_half_open_socket_neither_speaks_nor_pongs(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect(heartbeat=0.2)
    assert await stream.silence(0.5)  # alive: pongs come
    cloud.faults.add("half_open", "dingtalk.push.robot", times=1)
    cloud.world.say("li", "line3", text="x", mention_bot=True)
    message = await stream.ws.receive(timeout=5)  # our side gives up; the cloud never said a word
    assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert cloud.recorder.payloads("dingtalk.stream", "out") == []
    again = await probe.connect()
    cloud.silence_sockets()
    cloud.world.say("li", "line3", text="y", mention_bot=True)
    assert await again.silence(0.1)


async def test_garbage_comes_before_the_message(cloud: DingTalkCloud, probe: Probe) -> None:
    cloud.faults.add("garbage", "dingtalk.push.robot", times=1)
    stream = await probe.connect()
    cloud.world.say("li", "line3", text="x", mention_bot=True)
    assert not (await stream.ws.receive_str(timeout=5)).startswith("{")
    assert (await stream.frame())["data"]["msgtype"] == "text"
