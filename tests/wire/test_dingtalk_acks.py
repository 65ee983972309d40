"""The pretend DingTalk stream: acknowledgement and redelivery."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

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


# acknowledgement and redelivery


async def test_an_acknowledged_message_is_not_pushed_again(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    cloud.world.say("li", "line3", text="x", mention_bot=True)
    await stream.ack(await stream.frame())
    await eventually(lambda: cloud.recorder.payloads("dingtalk.stream"))
    cloud.world.clock.advance(timedelta(minutes=5))
    assert await stream.silence()
    assert cloud.recorder.rules_broken() == []


@pytest.mark.parametrize("new_id", [False, True])
async def test_an_unacknowledged_message_comes_again_after_16_and_60_seconds(new_id: bool) -> None:  # noqa: FBT001 (a parameter)
    async with a_cloud(redeliver_new_id=new_id) as cloud, Probe(cloud) as probe:
        stream = await probe.connect()
        cloud.world.say("li", "line3", text="x", mention_bot=True)
        frames = [await stream.frame()]
        for seconds in (16, 60):
            assert await stream.silence(0.1)
            cloud.world.clock.advance(timedelta(seconds=seconds))
            frames.append(await stream.frame())
        with cloud.world.subscribe() as changes:
            cloud.world.clock.advance(timedelta(minutes=5))
            assert (await asyncio.wait_for(changes.next(), 5)).text == "机器人没有回应"
        assert len({frame["data"]["msgId"] for frame in frames}) == 1
        assert len({frame["headers"]["messageId"] for frame in frames}) == (3 if new_id else 1)


async def test_a_message_said_while_the_bot_is_away_comes_when_it_is_back(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    cloud.world.say("li", "line3", text="在吗", mention_bot=True)
    stream = await probe.connect()
    assert await stream.silence(0.1)
    cloud.world.clock.advance(timedelta(seconds=16))
    assert (await stream.frame())["data"]["text"]["content"] == " 在吗"


@pytest.mark.parametrize("kind", ["redeliver", "redeliver_new", "duplicate"])
async def test_a_message_may_come_twice(cloud: DingTalkCloud, probe: Probe, kind: Any) -> None:
    cloud.faults.add(kind, "dingtalk.push.robot", times=1)
    stream = await probe.connect()
    cloud.world.say("li", "line3", text="x", mention_bot=True)
    first = await stream.frame()
    await stream.ack(first)
    second = await stream.frame()
    assert first["data"] == second["data"]
    same_push = first["headers"]["messageId"] == second["headers"]["messageId"]
    assert same_push == (kind != "redeliver_new")
    await stream.ack(second)
    assert await stream.silence(0.1)
    assert cloud.recorder.rules_broken() == []


async def test_messages_may_be_late_lost_or_out_of_order(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    for kind in ("reorder", "drop", "late"):
        cloud.faults.add(kind, "dingtalk.push.robot", times=1, seconds=30)
    for text in ("held", "lost", "late", "prompt"):
        cloud.world.say("li", "line3", text=text, mention_bot=True)
    assert [(await stream.frame())["data"]["text"]["content"] for _ in range(2)] == [" prompt", " held"]
    cloud.world.clock.advance(timedelta(seconds=15))
    assert await stream.silence(0.1)
    cloud.world.clock.advance(timedelta(seconds=15))
    assert " late" in [(await stream.frame())["data"]["text"]["content"] for _ in range(3)]


async def test_a_deaf_cloud_pushes_again_although_acknowledged(cloud: DingTalkCloud, probe: Probe) -> None:
    cloud.faults.add("deaf", times=1)
    stream = await probe.connect()
    cloud.world.say("li", "line3", text="x", mention_bot=True)
    first = await stream.frame()
    await stream.ack(first)
    await eventually(lambda: cloud.recorder.payloads("dingtalk.stream"))
    cloud.world.clock.advance(timedelta(seconds=16))
    assert (await stream.frame())["data"]["msgId"] == first["data"]["msgId"]


async def test_an_event_comes_until_it_is_answered_with_success(cloud: DingTalkCloud, probe: Probe) -> None:
    stream = await probe.connect()
    cloud.emit("user_add_org", {"userId": ["0369"]}, event_id="e1")
    for answer, rule in (({"response": "OK"}, 1), ({"status": "LATER", "message": "busy"}, 1)):
        frame = await stream.frame()
        assert (frame["type"], frame["headers"]["eventType"]) == ("EVENT", "user_add_org")
        assert frame["headers"]["eventId"] == "e1"
        await stream.ack(frame, answer)
        await eventually(lambda n=rule: len(cloud.recorder.rules_broken()) == n)  # type: ignore[misc]
        await stream.silence(0.05)
        cloud.world.clock.advance(timedelta(seconds=60))
    push = cloud.emit("user_leave_org", {}, event_id="e2")
    for frame in (await stream.frame(), await stream.frame()):
        await stream.ack(frame, {"status": "SUCCESS", "message": "ok"})
    await eventually(lambda: push.settled)
    cloud.world.clock.advance(timedelta(seconds=600))
    assert await stream.silence(0.1)
    assert cloud.recorder.rules_broken() == ["event.ack.status"]


@pytest.mark.parametrize(
    ("ack", "rule"),
    [
        ("no json", "ack.shape"),
        ({"code": "200", "headers": {"messageId": "x", "contentType": "application/json"}}, "ack.field"),
        ({"code": 200, "message": "", "data": "{}", "headers": {"messageId": "x"}}, "ack.field"),
        (
            {
                "code": 200,
                "message": "",
                "data": "{}",
                "headers": {"messageId": "x", "contentType": "application/json"},
            },
            "ack.unknown",
        ),
    ],
)
async def test_a_broken_acknowledgement_is_noted(
    cloud: DingTalkCloud, probe: Probe, ack: Any, rule: str
) -> None:
    stream = await probe.connect()
    await (stream.ws.send_str(ack) if isinstance(ack, str) else stream.ws.send_json(ack))
    await eventually(lambda: rule in cloud.recorder.rules_broken())


async def test_an_acknowledgement_on_another_socket_does_not_count(
    cloud: DingTalkCloud, probe: Probe
) -> None:
    first = await probe.connect()
    cloud.world.say("li", "line3", text="x", mention_bot=True)
    frame = await first.frame()
    second = await probe.connect(CARD)
    await second.ack(frame)
    await eventually(lambda: cloud.recorder.rules_broken() == ["ack.other_socket"])
    cloud.world.clock.advance(timedelta(seconds=16))
    assert (await first.frame())["data"] == frame["data"]
