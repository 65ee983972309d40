"""Pushes of the pretend WeCom that come twice, late, in the wrong order, or never."""

from datetime import timedelta

import pytest

from bot.sandbox.faults import FaultKind
from bot.sandbox.wecom import Limits
from domain.clock import FixedClock
from tests.wire.wecom_rig import Bot, Frame, Rig, button_card, markdown, rigged


def words(pushed: list[Frame]) -> list[str]:
    """What was said, without the mention."""
    return [push["body"]["text"]["content"].removeprefix("@班长 ") for push in pushed]


async def test_duplicates_share_msgid_and_req_id(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("duplicate", "wecom.push.msg", times=1)
        rig.ask_bot()
        one, two = await bot.everything()
        assert one == two


@pytest.mark.parametrize(("kind", "same"), [("redeliver", True), ("redeliver_new", False)])
async def test_redelivery_keeps_the_msgid(clock: FixedClock, kind: FaultKind, *, same: bool) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add(kind, "wecom.push.msg", times=1, seconds=30)
        rig.ask_bot()
        first = await bot.heard()
        await bot.respond(first, markdown())
        clock.advance(timedelta(seconds=30))
        again = await bot.heard()
        assert first["body"] == again["body"]
        assert (first["headers"] == again["headers"]) is same
        assert (await bot.respond(again, markdown()))["errcode"] == 0


async def test_reordered_pushes(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("reorder", "wecom.push.msg", times=1)
        for text in "abc":
            rig.ask_bot(text)
        assert words(await bot.everything()) == ["b", "a", "c"]


async def test_late_dropped_and_garbled_pushes(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("late", "wecom.push.msg", times=1, seconds=10)
        rig.faults.add("drop", "wecom.push.msg", times=1)
        for text in "abc":
            rig.ask_bot(text)
        assert words(await bot.everything()) == ["c"]
        clock.advance(timedelta(seconds=10))
        assert words([await bot.heard()]) == ["a"]
        assert len(rig.cloud.undelivered) == 1


async def test_garbage_before_a_push(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.faults.add("garbage", "wecom.push.msg", times=1)
        rig.ask_bot()
        raw = (await bot.socket.receive()).data
        assert raw == '{"cmd":"aibot_msg_callback","headers":'
        assert words([await bot.heard()]) == ["你好"]


async def test_a_click_is_delivered_once_or_never(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        await bot.respond(callback, {"msgtype": "template_card", "template_card": button_card()})
        card = rig.world.posts(author="bot")[0]
        rig.faults.add("deaf", "wecom.push.*")
        rig.faults.add("drop", "wecom.push.event", times=1)
        for _ in range(2):
            rig.world.click("li", card.id, "say:确认 7")
        assert len(await bot.everything()) == 1
        assert await (await rig.bot()).everything() == []


async def test_deaf_keeps_messages_until_they_are_answered(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        rig.faults.add("deaf", "wecom.push.msg")
        rig.ask_bot("nobody there")
        bot = await rig.bot()
        rig.ask_bot("unanswered")
        rig.ask_bot("answered")
        pushed = {words([push])[0]: push for push in await bot.everything()}
        assert set(pushed) == {"nobody there", "unanswered", "answered"}
        await bot.respond(pushed["answered"], markdown())
        again = await (await rig.bot()).everything()
        assert words(again) == ["nobody there", "unanswered"]
        assert again[1]["body"] == pushed["unanswered"]["body"]
        assert again[1]["headers"] != pushed["unanswered"]["headers"]


async def test_what_is_told_again_does_not_count_as_in_flight(clock: FixedClock) -> None:
    async with rigged(clock, Limits(in_flight=1)) as rig:
        rig.faults.add("deaf", "wecom.push.msg")
        await rig.bot()
        rig.ask_bot("first")
        fresh = await rig.bot()
        rig.ask_bot("second")
        assert words(await fresh.everything()) == ["first", "second"]


async def test_what_waits_for_an_interaction_is_lost_with_the_line(clock: FixedClock) -> None:
    async with rigged(clock, Limits(in_flight=1)) as rig:
        bot = await rig.bot()
        rig.ask_bot("first")
        rig.ask_bot("waits")
        assert words(await bot.everything()) == ["first"]
        fresh = await rig.bot()
        assert await fresh.everything() == []
        rig.ask_bot("again")
        assert words(await fresh.everything()) == ["again"]
        assert rig.cloud.undelivered == [rig.world.posts()[1].id]


async def _asked(rig: Rig) -> tuple[Bot, Frame]:
    bot = await rig.bot()
    rig.ask_bot()
    return bot, await bot.heard()
