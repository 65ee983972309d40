"""The AI bot by its callback URL, on the pretend WeCom: heard once, answered on the call or not at all."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.platforms.base import Incoming, MediaRef, State
from bot.platforms.wecom.called import BotDoor
from bot.platforms.wecom.doors import app_chat
from bot.sandbox.wecom import Limits
from domain.clock import FixedClock
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Outgoing, Refused, Retry, Unknown
from tests.wire.wecom_called import AES_KEY, HASTY, TOKEN, Beside, Called, ask, called
from tests.wire.wecom_rig import GROUP, JPEG, PNG, Rig, rigged
from tests.wire.wecom_server import until

AT_ONCE = Limits(poll=0.0)


@pytest.fixture
async def rig(clock: FixedClock) -> AsyncIterator[Rig]:
    async with rigged(clock, AT_ONCE) as rig:
        yield rig


@pytest.fixture
async def house(rig: Rig, tmp_path: Path) -> AsyncIterator[Called]:
    async with called(rig, tmp_path) as house:
        yield house
        assert rig.broken == []


@pytest.fixture
async def hasty(rig: Rig, tmp_path: Path) -> AsyncIterator[Called]:
    """A house whose calls are over before anything is answered."""
    async with called(rig, tmp_path, timing=HASTY) as house:
        yield house
        assert rig.broken == []


def nothing(_incoming: Incoming) -> None:
    """Let the message be handled later, or elsewhere."""


# hearing


async def test_a_question_is_answered_on_the_call_itself(house: Called) -> None:
    house.rig.ask_bot("WO-1 到哪了")
    post = await house.shown()
    heard = await house.heard()
    assert (heard.text, heard.sender_id, heard.chat_id) == ("WO-1 到哪了", "ligong", GROUP)
    assert (post.kind, post.body["text"]) == ("markdown", "好：WO-1 到哪了")
    assert await house.settled() == Delivered()
    assert house.rig.cloud.recorder.at("wecom.push.stream") == []


async def test_what_is_said_alone_with_the_bot(house: Called) -> None:
    room = house.rig.world.direct_room("wecom", "li")
    house.rig.world.say("li", room.id, text="谁在等我")
    heard = await house.heard()
    assert (heard.chat_id, heard.chat_kind) == ("LiGong", "direct")
    assert (await house.shown()).room_id == room.id


async def test_pictures_are_encrypted_with_the_bots_own_key(house: Called) -> None:
    house.rig.world.say("li", GROUP, text="收料", images=[JPEG, PNG], mention_bot=True)
    heard = await house.heard()
    assert [media.ref["aeskey"] for media in heard.media] == ["", ""], "the bot's key is not written down"
    assert [await house.platform.fetch(media) for media in heard.media] == [JPEG, PNG]


async def test_what_the_journal_cannot_take_is_asked_for_again(house: Called) -> None:
    house.failing = 2
    house.rig.ask_bot("报工")
    assert (await house.shown()).body["text"] == "好：报工"
    assert len(house.journal) == 1
    assert [it.status for it in house.rig.cloud.recorder.at("wecom.push.msg", "in")] == [500, 500, 200]


@pytest.mark.parametrize("fault", ["redeliver", "redeliver_new", "duplicate"])
async def test_a_delivery_twice_is_one_message_and_the_same_answer(house: Called, fault: Any) -> None:
    house.rig.faults.add(fault, "wecom.push.msg", times=1)
    house.rig.ask_bot("报工")
    await until(lambda: len(house.rig.cloud.recorder.payloads("wecom.push.msg")) == 2)
    first, second = house.rig.cloud.recorder.payloads("wecom.push.msg")
    assert first == second is not None
    assert len(house.journal) == len(house.rig.said) == 1
    assert house.outcomes == [Delivered()]


async def test_an_answer_that_was_lost_on_the_way_is_given_again(house: Called) -> None:
    house.rig.faults.add("lost", "wecom.push.msg", times=1)
    house.rig.ask_bot("报工")
    assert (await house.shown()).body["text"] == "好：报工"
    assert len(house.journal) == 1
    assert house.outcomes == [Delivered()]


async def test_a_fourth_message_waits_until_one_of_three_is_answered(house: Called) -> None:
    house.reply = nothing
    for text in "一二三四":
        house.rig.ask_bot(text)
    third = await house.heard(3)
    assert [it.text for it in house.journal] == ["一", "二", "三"]
    await house.says(third, "好")
    assert (await house.heard(4)).text == "四"


# slow answers


async def test_what_takes_longer_goes_on_as_a_stream(hasty: Called) -> None:
    hasty.reply = nothing
    hasty.rig.ask_bot("追溯 LOT-1")
    assert (await hasty.shown()).body == {"title": "", "text": "正在处理……", "streaming": True}
    assert await hasty.says(await hasty.heard(), "查到了") == Delivered()
    await until(lambda: not next(iter(hasty.rig.world.posts(author="bot"))).body["streaming"])
    assert hasty.rig.said == [("markdown", "查到了")]


async def test_a_card_finishes_its_stream_and_stands_beside_it(hasty: Called) -> None:
    hasty.reply = nothing
    hasty.rig.ask_bot("发料")
    await hasty.shown()
    outcome = await hasty.says(await hasty.heard(), ask("发料 LOT-1 5"))
    assert isinstance(outcome, Delivered)
    assert outcome.provider_id
    await hasty.shown(2)
    assert [kind for kind, _text in hasty.rig.said] == ["markdown", "card"]


async def test_a_stream_that_nobody_finishes_is_given_up_and_the_answer_comes_by_the_url(
    rig: Rig, tmp_path: Path
) -> None:
    async with called(rig, tmp_path, timing=replace(HASTY, stream=0.2)) as house:
        house.reply = nothing
        rig.ask_bot("追溯 LOT-1")
        await until(lambda: rig.said == [("markdown", "还没有处理完，结果稍后另发一条。")])
        assert await house.says(await house.heard(), "查到了") == Delivered()
        assert rig.said[1] == ("markdown", "查到了")
        assert rig.broken == []


async def test_after_a_restart_the_stream_is_finished_and_the_answer_comes_by_the_url(
    rig: Rig, tmp_path: Path
) -> None:
    async with called(rig, tmp_path, timing=HASTY) as house:
        house.reply = nothing
        rig.ask_bot("追溯 LOT-1")
        heard = await house.heard()
        await house.shown()
        house.platform._bot._calls._calls.clear()  # type: ignore[union-attr]
        await until(lambda: rig.said == [("markdown", "还没有处理完，结果稍后另发一条。")])
        assert await house.says(heard, "查到了") == Delivered()
        assert rig.said[1] == ("markdown", "查到了")


async def test_a_delivery_again_of_what_another_node_answers_is_left_to_it(hasty: Called) -> None:
    hasty.reply = nothing
    hasty.rig.faults.add("redeliver", "wecom.push.msg", times=1, seconds=1)
    hasty.rig.ask_bot("报工")
    await hasty.shown()
    hasty.platform._bot._calls._calls.clear()  # type: ignore[union-attr]
    hasty.rig.clock.advance(timedelta(seconds=2))
    await until(lambda: len(hasty.rig.cloud.recorder.at("wecom.push.msg", "in")) == 2)
    assert hasty.rig.cloud.recorder.payloads("wecom.push.msg")[1] is None


# response_url


async def test_another_node_answers_by_the_url(house: Called) -> None:
    house.reply = nothing
    house.rig.ask_bot("报工")
    heard = await house.heard()
    assert heard.slot is not None
    elsewhere = replace(heard, slot=replace(heard.slot, node="n2"))
    assert await house.says(elsewhere, "好") == Delivered()
    assert ("markdown", "好") in house.rig.said


async def test_the_url_takes_cards_in_single_chats_only(house: Called) -> None:
    house.reply = nothing
    house.rig.ask_bot("发料")
    room = house.rig.world.direct_room("wecom", "wang")
    house.rig.world.say("wang", room.id, text="发料")
    for number, kind in enumerate(["markdown", "card"], start=1):
        heard = await house.heard(number)
        assert heard.slot is not None
        elsewhere = replace(heard, slot=replace(heard.slot, node="n2"))
        assert isinstance(await house.says(elsewhere, ask("发料 LOT-1 5")), Delivered)
        assert kind in [it for it, text in house.rig.said if "正在" not in text]
    assert house.rig.broken == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": "errcode", "code": -1}, Retry),
        ({"kind": "errcode", "code": 40058}, Refused),
        ({"kind": "lost"}, Unknown),
        ({"kind": "html", "status": 502}, Unknown),
    ],
)
async def test_what_the_url_says_is_what_happened(house: Called, fault: Any, outcome: type[Outcome]) -> None:
    house.reply = nothing
    house.rig.ask_bot("报工")
    heard = await house.heard()
    assert heard.slot is not None
    house.rig.faults.add(door="wecom.response_url", times=1, **fault)
    assert isinstance(await house.says(replace(heard, slot=replace(heard.slot, node="n2")), "好"), outcome)


async def test_a_url_of_another_host_is_not_called(house: Called) -> None:
    house.reply = nothing
    house.rig.ask_bot("报工")
    heard = await house.heard()
    assert heard.slot is not None
    data = {**heard.slot.data, "url": "https://evil.example/cgi-bin/aibot/response?response_code=1"}
    slot = replace(heard.slot, node="n2", data=data)
    assert isinstance(await house.says(replace(heard, slot=slot), "好"), Refused)


async def test_after_an_hour_and_unprompted_there_is_no_way_but_another_door(house: Called) -> None:
    house.reply = nothing
    house.rig.ask_bot("报工")
    heard = await house.heard()
    house.rig.clock.advance(timedelta(hours=1))
    late = await house.says(heard, "好")
    assert late == Refused(reason="机器人用回调地址时不能主动发消息；要主动发到群里，请给这个群配置群机器人")
    alone = await house.says(replace(heard, slot=None, chat_id="LiGong", chat_kind="direct"), "早")
    assert alone == Refused(reason="机器人用回调地址时不能主动发消息；要主动发给个人，请配置企业微信自建应用")


async def test_what_the_bot_cannot_push_goes_by_the_app_or_the_webhook(
    rig: Rig, clock: FixedClock, tmp_path: Path
) -> None:
    app, hooks = Beside("app", clock), Beside("hook", clock)
    async with called(rig, tmp_path, app=app, hooks=hooks) as house:
        to = {"card": Card(title="早"), "id": 1, "key": "k"}
        alone = Outgoing(chat_id="LiGong", chat_kind="direct", **to)  # type: ignore[arg-type]
        group = Outgoing(chat_id=GROUP, chat_kind="group", **to)  # type: ignore[arg-type]
        own = Outgoing(chat_id=app_chat("ligong"), chat_kind="direct", **to)  # type: ignore[arg-type]
        for out in (alone, group, own):
            assert await house.platform.send(out) == Delivered(provider_id="beside")
        unhooked = await house.platform.send(replace(group, chat_id="wrOther"))
        assert isinstance(unhooked, Refused)
        assert [it.chat_id for it in app.said] == ["app:LiGong", "app:ligong"]
        assert [it.chat_id for it in hooks.said] == ["hook:仓库"]
        assert house.platform.reach() == ("",)
        assert house.platform.health().detail == "智能机器人回调地址；入口 app；入口 hook"
        picture = MediaRef(kind="image", ref={"door": "app", "media_id": "M"})
        assert b"media_id" in await house.platform.fetch(picture)


# the door


async def test_wecom_verifies_the_url_before_it_switches(rig: Rig, tmp_path: Path) -> None:
    async with called(rig, tmp_path) as house:
        wrong = "x" * 43
        assert await rig.cloud.use_callback(house.url, token=TOKEN, aes_key=AES_KEY)
        assert not await rig.cloud.use_callback(house.url, token="other", aes_key=AES_KEY)
        assert not await rig.cloud.use_callback(house.url, token=TOKEN, aes_key=wrong)
        assert rig.cloud.subscribed


async def test_switching_to_a_url_ends_the_long_connection(rig: Rig, tmp_path: Path) -> None:
    bot = await rig.bot()
    async with called(rig, tmp_path):
        assert (await bot.heard())["body"]["event"]["eventtype"] == "disconnected_event"
        assert await bot.ended() == 1000


async def test_whoever_stops_hangs_up_and_takes_no_more(rig: Rig, tmp_path: Path) -> None:
    async with called(rig, tmp_path) as house:
        house.reply = nothing
        rig.ask_bot("报工")
        await house.heard()
        await house.platform.stop()
        assert house.platform.health().state is State.STOPPED
        async with aiohttp.ClientSession() as session, session.post(house.url, data=b"{}") as answer:
            assert answer.status == 503


async def test_a_key_that_cannot_be_one_is_said_in_health(rig: Rig, tmp_path: Path) -> None:
    async with called(rig, tmp_path) as house:
        broken = replace(house.config, bot_aes_key=type(house.config.bot_aes_key)("short"))
        door = BotDoor(broken, http=None, hear=house._hear, clock=rig.clock, node="n")  # type: ignore[arg-type]
        assert door.health().state is State.REFUSED
        assert "43" in door.health().detail
        assert door.routes() == ()
