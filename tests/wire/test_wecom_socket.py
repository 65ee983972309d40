"""The pretend WeCom's socket: who may listen, who is kicked, what a heartbeat is, what a broken frame is."""

import json
from datetime import timedelta

import pytest

from bot.sandbox.wecom import Limits
from domain.clock import FixedClock
from tests.wire.wecom_rig import GROUP, Rig, markdown, rigged


async def test_right_credentials_subscribe_and_nothing_is_broken(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        answer = await rig.subscribe(await rig.connect(), scene="1", plug_version="1.0", device_id="node-1")
        assert answer["errmsg"] == "ok"
        assert "cmd" not in answer
        assert (rig.cloud.subscribed, rig.broken) == (True, [])


@pytest.mark.parametrize("wrong", [{"secret": "nope"}, {"bot_id": "nope"}, {"secret": ""}])
async def test_wrong_credentials_are_refused_and_the_socket_stays_open(
    clock: FixedClock, wrong: dict[str, str]
) -> None:
    async with rigged(clock) as rig:
        bot = await rig.connect()
        answer = await rig.subscribe(bot, **wrong)
        assert (answer["errcode"], rig.cloud.subscribed) == (853000, False)
        assert rig.broken == ["subscribe.credentials"]
        assert (await bot.ask("ping"))["errcode"] == 0


async def test_subscribing_is_rate_protected(clock: FixedClock) -> None:
    async with rigged(clock, Limits(subscribes=2)) as rig:
        bot = await rig.connect()
        codes = [(await rig.subscribe(bot))["errcode"] for _ in range(3)]
        clock.advance(timedelta(minutes=1))
        codes.append((await rig.subscribe(bot))["errcode"])
        assert codes == [0, 0, 45009, 0]
        assert rig.broken == ["subscribe.rate"]


async def test_a_second_subscription_kicks_the_first(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        old = await rig.bot()
        new = await rig.bot()
        event = await old.heard()
        assert (event["cmd"], event["body"]["event"]) == (
            "aibot_event_callback",
            {"eventtype": "disconnected_event"},
        )
        assert await old.ended() == 1000
        rig.ask_bot()
        assert len(await new.everything()) == 1


async def test_a_refused_subscription_kicks_nobody(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        old = await rig.bot()
        await rig.subscribe(await rig.connect(), secret="nope")
        assert await old.everything() == []
        assert rig.cloud.subscribed


async def test_ping_is_answered_without_cmd_and_body(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        answer = await (await rig.bot()).ask("ping", req_id="ping_1")
        assert answer == {"headers": {"req_id": "ping_1"}, "errcode": 0, "errmsg": "ok"}


async def test_a_heart_that_beats_too_slowly_is_written_down(clock: FixedClock) -> None:
    async with rigged(clock, Limits(heartbeat=-1.0)) as rig:
        answer = await (await rig.bot()).ask("ping")
        assert (answer["errcode"], rig.broken) == (0, ["heartbeat"])


async def test_nothing_goes_before_subscribing(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.connect()
        answer = await bot.ask("aibot_send_msg", {"chatid": GROUP, **markdown()})
        assert (answer["errcode"], rig.broken) == (846609, ["not_subscribed"])


async def test_an_unknown_command_is_refused(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        answer = await (await rig.bot()).ask("aibot_dance", {})
        assert (answer["errcode"], rig.broken) == (40058, ["frame.cmd"])


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        "{}",
        '{"cmd":"ping"}',
        '{"cmd":"ping","headers":{}}',
        '{"cmd":"ping","headers":7}',
        '{"cmd":"ping","headers":{"req_id":""}}',
        '{"cmd":"ping","headers":{"req_id":"a"},"body":[1]}',
    ],
)
async def test_broken_frames_are_written_down_and_the_socket_lives(clock: FixedClock, text: str) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        await bot.socket.send_str(text)
        assert (await bot.heard())["errcode"] == 40058
        assert rig.broken == ["frame.shape"]
        assert (await bot.ask("ping"))["errcode"] == 0


async def test_a_binary_frame_is_broken(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        await bot.socket.send_bytes(b'{"cmd":"ping","headers":{"req_id":"a"}}')
        await bot.heard()
        assert rig.broken == ["frame.shape"]


async def test_the_record_keeps_frames_and_no_secret(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.ask_bot()
        callback = await bot.heard()
        await bot.respond(callback, markdown())
        record = rig.cloud.recorder
        assert rig.cloud.secret not in json.dumps([c.payload for c in record.crossings])
        assert record.payloads("wecom.push.msg", "out") == [callback]
        assert [c.status for c in record.at("wecom.respond_msg", "out")] == [0]


async def test_leaving_the_cloud_ends_every_line(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        await _end(rig)
        assert await bot.ended() == 1006


async def _end(rig: Rig) -> None:
    await rig.cloud.__aexit__(None, None, None)
