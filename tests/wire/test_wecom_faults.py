"""Answers of the pretend WeCom that fail or never come, lines that end, downloads that break."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.sandbox.faults import FaultKind
from domain.clock import FixedClock
from tests.wire.wecom_rig import GROUP, PNG, Bot, Frame, Rig, markdown, rigged


def words(pushed: list[Frame]) -> list[str]:
    """What was said, without the mention."""
    return [push["body"]["text"]["content"].removeprefix("@班长 ") for push in pushed]


async def test_muted_pongs(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("hang", "wecom.ping", times=1)
        await bot.tell("ping", req_id="mute")
        answer = await bot.ask("ping", req_id="heard")
        assert answer["headers"]["req_id"] == "heard"


@pytest.mark.parametrize(("seconds", "kind"), [(0.0, "hang"), (60.0, "slow"), (60.0, "hang")])
async def test_a_lost_or_late_acknowledgement_of_a_message_that_was_said(
    clock: FixedClock, seconds: float, kind: FaultKind
) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        rig.faults.add(kind, "wecom.respond_msg", times=1, seconds=seconds)
        await bot.tell("aibot_respond_msg", markdown("好"), req_id=callback["headers"]["req_id"])
        assert await bot.everything() == []
        assert rig.said == [("markdown", "好")]
        if seconds:
            clock.advance(timedelta(seconds=seconds))
            assert (await bot.heard())["errcode"] == 0


async def test_not_subscribed_any_more_although_the_socket_is_open(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        rig.faults.add(
            "errcode", "wecom.respond_msg", times=1, code=846609, text="aibot websocket not subscribed"
        )
        assert (await bot.respond(callback, markdown()))["errcode"] == 846609
        assert (rig.said, rig.broken) == ([], [])
        assert (await bot.respond(callback, markdown()))["errcode"] == 0


async def test_token_is_the_same_at_any_door(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, _ = await _asked(rig)
        rig.faults.add("token", "wecom.*")
        assert (await bot.ask("aibot_send_msg", {"chatid": GROUP, **markdown()}))["errcode"] == 846609


async def test_groups_may_refuse_pushes_and_people_not(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, _ = await _asked(rig)
        rig.world.say("li", rig.world.direct_room("wecom", "li").id, text="你好")
        await bot.heard()
        rig.faults.add("errcode", "wecom.send_msg.group", code=600039, text="device type not support")
        codes = [
            (await bot.ask("aibot_send_msg", {"chatid": chatid, **markdown()}))["errcode"]
            for chatid in (GROUP, "LiGong")
        ]
        assert (codes, rig.broken) == ([600039, 0], [])


async def test_throttled_for_a_while(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        rig.faults.add("throttle", "wecom.respond_msg", times=1, seconds=60)
        codes = [(await bot.respond(callback, markdown()))["errcode"] for _ in range(2)]
        clock.advance(timedelta(seconds=60))
        codes.append((await bot.respond(callback, markdown()))["errcode"])
        assert (codes, rig.broken) == ([45009, 45009, 0], [])


async def test_subscribing_refused_for_no_reason(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        rig.faults.add("refuse", "wecom.subscribe", times=1)
        bot = await rig.connect()
        codes = [(await rig.subscribe(bot))["errcode"] for _ in range(2)]
        assert (codes, rig.broken) == ([853000, 0], [])


@pytest.mark.parametrize(("kind", "said"), [("reset", 0), ("lost", 1)])
async def test_the_line_breaks_before_or_after_the_message_was_said(
    clock: FixedClock, kind: FaultKind, said: int
) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        rig.faults.add(kind, "wecom.respond_msg")
        await bot.tell("aibot_respond_msg", markdown(), req_id=callback["headers"]["req_id"])
        assert await bot.ended() == 1006
        assert len(rig.said) == said


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_clean_close_instead_of_a_push(clock: FixedClock, code: int) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("close", "wecom.push.msg", times=1, code=code)
        rig.ask_bot()
        assert await bot.ended() == code
        assert len(rig.cloud.undelivered) == 1


async def test_a_reset_instead_of_a_push(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("cut", "wecom.push.*", times=1)
        rig.ask_bot()
        assert await bot.ended() == 1006


async def test_lines_end_on_demand(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        for code, seen in ((1000, 1000), (1001, 1001), (None, 1006)):
            bot = await rig.bot()
            rig.cloud.drop_line(code=code)
            assert await bot.ended() == seen
        assert not rig.cloud.subscribed


async def test_half_open_neither_speaks_nor_listens(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("half_open", "wecom.push.msg", times=1)
        rig.ask_bot()
        await bot.tell("ping", req_id="anybody there")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bot.heard(), 0.1)
        assert not bot.socket.closed
        fresh = await rig.bot()
        rig.ask_bot("又来")
        assert words(await fresh.everything()) == ["又来"]


async def test_frozen_on_demand(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.cloud.freeze_line()
        await bot.tell("ping")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bot.heard(), 0.1)


async def test_the_handshake_may_fail(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        rig.faults.add("status", "wecom.open", times=1, status=502)
        rig.faults.add("html", "wecom.open", times=1, status=200)
        rig.faults.add("reset", "wecom.open")  # for good: aiohttp's client tries a second time by itself
        for _ in range(3):
            with pytest.raises(aiohttp.ClientError):
                await rig.connect()
        rig.faults.clear()
        await rig.bot()


async def test_the_first_request_of_each_medium_may_fail(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("status", "wecom.media.first", status=503)
        for _ in range(2):
            rig.world.say("li", rig.world.direct_room("wecom", "li").id, images=[PNG])
        urls = [push["body"]["image"]["url"] for push in await bot.everything()]
        seen = [await _status(rig, url) for url in urls * 2]
        assert seen == [503, 503, 200, 200]


async def test_a_download_may_be_reset_or_come_late(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", rig.world.direct_room("wecom", "li").id, images=[PNG])
        url = (await bot.heard())["body"]["image"]["url"]
        rig.faults.add("reset", "wecom.media*")
        with pytest.raises(aiohttp.ClientError):
            await _status(rig, url)
        rig.faults.clear()
        rig.faults.add("slow", "wecom.media*", times=1, seconds=20)
        asking = asyncio.create_task(_status(rig, url))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(asking), 0.1)
        clock.advance(timedelta(seconds=20))
        assert await asking == 200


async def _asked(rig: Rig) -> tuple[Bot, Frame]:
    bot = await rig.bot()
    rig.ask_bot()
    return bot, await bot.heard()


async def _status(rig: Rig, url: str) -> int:
    async with rig.session.get(url) as response:
        await response.read()
        return response.status
