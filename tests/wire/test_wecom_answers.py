"""What a bot may say on the pretend WeCom: req_ids and their windows, streams, pushes, quotas and limits."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.wecom import Limits
from domain.clock import FixedClock
from tests.wire.wecom_rig import GROUP, Bot, Frame, Rig, button_card, markdown, rigged, stream


async def test_one_finished_stream_frame_is_a_reply(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        answer = await bot.respond(callback, stream("已报工 **5** 件"))
        assert answer == {"headers": callback["headers"], "errcode": 0, "errmsg": "ok"}
        post = rig.world.posts(author="bot")[0]
        assert (post.kind, post.body["text"], post.room_id) == ("markdown", "已报工 **5** 件", GROUP)
        assert post.quotes == rig.world.posts()[0].id


async def test_a_stream_replaces_its_content_until_it_is_finished(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        frames = [
            stream("", finish=False, feedback={"id": "F"}),
            stream("查", finish=False),
            stream("查到了"),
            stream("又来"),
        ]
        codes = [(await bot.respond(callback, frame))["errcode"] for frame in frames]
        assert codes == [0, 0, 0, 846608]
        (post,) = rig.world.posts(author="bot")
        assert post.body == {"title": "", "text": "查到了", "streaming": False, "feedback": "F"}
        assert (post.version, rig.broken) == (3, ["stream.finished"])


async def test_a_stream_must_finish_within_six_minutes_of_its_first_frame(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        clock.advance(timedelta(hours=1))
        await bot.respond(callback, stream("…", finish=False))
        clock.advance(timedelta(minutes=6))
        assert (await bot.respond(callback, stream("还在查", finish=False)))["errcode"] == 0
        clock.advance(timedelta(seconds=1))
        assert (await bot.respond(callback, stream("完")))["errcode"] == 846608
        assert rig.broken == ["stream.expired"]


async def test_several_answers_on_one_req_id_for_a_day(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        await bot.respond(callback, markdown("一"))
        clock.advance(timedelta(hours=24))
        assert (await bot.respond(callback, markdown("二")))["errcode"] == 0
        clock.advance(timedelta(seconds=1))
        assert (await bot.respond(callback, markdown("三")))["errcode"] == 846605
        assert (rig.said, rig.broken) == (
            [("markdown", "一"), ("markdown", "二")],
            ["req_id.reply_window"],
        )


async def test_req_ids_that_nobody_gave_out_are_invalid(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        answer = await bot.ask("aibot_respond_msg", markdown(), req_id="made-up")
        assert (answer["errcode"], rig.broken) == (846605, ["req_id.unknown"])


async def test_req_ids_end_with_their_connection(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        _, callback = await _asked(rig)
        answer = await (await rig.bot()).respond(callback, markdown())
        assert (answer["errcode"], rig.broken) == (846605, ["req_id.previous_connection"])


async def test_an_event_is_not_answered_like_a_message(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, event = await _entered(rig)
        answer = await bot.respond(event, markdown())
        assert (answer["errcode"], rig.broken) == (846605, ["req_id.event"])


@pytest.mark.parametrize(
    "body",
    [
        {"msgtype": "text", "text": {"content": "欢迎"}},
        {"msgtype": "template_card", "template_card": button_card()},
    ],
)
async def test_welcome_within_five_seconds_and_once(clock: FixedClock, body: Frame) -> None:
    async with rigged(clock) as rig:
        bot, event = await _entered(rig)
        clock.advance(timedelta(seconds=5))
        codes = [(await _welcome(bot, event, body))["errcode"] for _ in range(2)]
        assert (codes, rig.broken) == ([0, 846605], ["req_id.event_answered"])
        assert len(rig.world.posts("wecom-li", author="bot")) == 1


async def test_welcome_after_five_seconds_is_too_late(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, event = await _entered(rig)
        clock.advance(timedelta(seconds=5.1))
        answer = await _welcome(bot, event, {"msgtype": "text", "text": {"content": "欢迎"}})
        assert (answer["errcode"], rig.said, rig.broken) == (846605, [], ["req_id.event_window"])


async def test_welcome_is_text_or_card_and_belongs_to_enter_chat(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, event = await _entered(rig)
        assert (await _welcome(bot, event, markdown()))["errcode"] == 40008
        rig.ask_bot()
        message = await bot.heard()
        answer = await _welcome(bot, message, {"msgtype": "text", "text": {"content": "x"}})
        assert (answer["errcode"], rig.broken) == (846605, ["msgtype", "req_id.kind"])


async def test_a_card_is_replaced_for_everybody_within_five_seconds(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, event = await _clicked(rig)
        clock.advance(timedelta(seconds=5))
        done = button_card(button_list=[{"text": "已确认", "key": "noop", "style": 4}])
        codes = [(await _update(bot, event, done))["errcode"] for _ in range(2)]
        (post,) = rig.world.posts(author="bot")
        assert codes == [0, 846605]
        assert [button["text"] for button in post.body["buttons"]] == ["已确认"]
        assert (post.version, post.tag) == (2, "T1")


async def test_a_card_replaced_for_one_person_stays_for_the_others(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, event = await _clicked(rig)
        done = button_card(button_list=[{"text": "已确认", "key": "noop", "style": 4}])
        assert (await _update(bot, event, done, userids=["WangFang"]))["errcode"] == 0
        body = rig.world.posts(author="bot")[0].body
        assert body["buttons"][0]["text"] == "确认"
        assert body["personal"]["wang"]["buttons"][0]["text"] == "已确认"


async def test_a_card_update_after_five_seconds_is_too_late(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot, event = await _clicked(rig)
        clock.advance(timedelta(seconds=6))
        answer = await _update(bot, event, button_card())
        assert (answer["errcode"], rig.broken) == (846605, ["req_id.event_window"])
        assert rig.world.posts(author="bot")[0].version == 1


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"template_card": button_card("OTHER")}, "card.update_task_id"),
        ({"response_type": "update_button"}, "update.response_type"),
        ({"template_card": None}, "card.card_shape"),
    ],
)
async def test_an_update_keeps_the_task_id(clock: FixedClock, changes: Frame, rule: str) -> None:
    async with rigged(clock) as rig:
        bot, event = await _clicked(rig)
        body = {"response_type": "update_template_card", "template_card": button_card()} | changes
        answer = await bot.ask("aibot_respond_update_msg", body, req_id=event["headers"]["req_id"])
        assert (answer["errcode"], rig.broken) == (40058, [rule])


@pytest.mark.parametrize("chat_type", [None, 0, 2])
async def test_a_push_to_a_group(clock: FixedClock, chat_type: int | None) -> None:
    async with rigged(clock) as rig:
        bot, _ = await _asked(rig)
        body = {"chatid": GROUP, **markdown("**早会**")} | (
            {} if chat_type is None else {"chat_type": chat_type}
        )
        assert (await bot.ask("aibot_send_msg", body))["errcode"] == 0
        assert rig.said == [("markdown", "**早会**")]


@pytest.mark.parametrize("chat_type", [None, 0, 1])
async def test_a_push_to_a_person_goes_to_the_direct_chat(clock: FixedClock, chat_type: int | None) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        room = rig.world.direct_room("wecom", "li")
        rig.world.say("li", room.id, text="你好")
        body = {"chatid": "LiGong", **markdown("早")} | (
            {} if chat_type is None else {"chat_type": chat_type}
        )
        assert (await bot.ask("aibot_send_msg", body))["errcode"] == 0
        assert [post.kind for post in rig.world.posts(room.id, author="bot")] == ["markdown"]


async def test_user_ids_are_the_same_in_any_case(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", rig.world.direct_room("wecom", "li").id, text="你好")
        assert (await bot.ask("aibot_send_msg", {"chatid": "ligong", **markdown()}))["errcode"] == 0


@pytest.mark.parametrize(
    ("chatid", "chat_type", "rule"),
    [
        (GROUP, 1, "send.chatid"),
        ("LiGong", 2, "send.chatid"),
        ("nobody", 0, "send.chatid"),
        (GROUP, 7, "send.chatid"),
        ("ZhaoLiu", 1, "send.first_word"),
        (GROUP, 2, "send.first_word"),
    ],
)
async def test_pushes_that_reach_nobody(clock: FixedClock, chatid: str, chat_type: int, rule: str) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", GROUP, text="没有提到机器人")
        answer = await bot.ask("aibot_send_msg", {"chatid": chatid, "chat_type": chat_type, **markdown()})
        assert (answer["errcode"], rig.broken, rig.said) == (86001, [rule], [])


async def test_thirty_a_minute_replies_and_pushes_together(clock: FixedClock) -> None:
    async with rigged(clock, Limits(per_hour=35)) as rig:
        bot, callback = await _asked(rig)
        push = {"chatid": GROUP, **markdown()}
        codes = [(await bot.respond(callback, markdown()))["errcode"] for _ in range(15)]
        codes += [(await bot.ask("aibot_send_msg", push))["errcode"] for _ in range(16)]
        assert codes == [0] * 30 + [45009]
        clock.advance(timedelta(minutes=1))
        codes = [(await bot.ask("aibot_send_msg", push))["errcode"] for _ in range(6)]
        assert codes == [0] * 5 + [45009]
        assert rig.broken == ["quota", "quota"]


async def test_each_conversation_has_a_quota_of_its_own(clock: FixedClock) -> None:
    async with rigged(clock, Limits(per_minute=1)) as rig:
        bot, callback = await _asked(rig)
        rig.world.say("li", rig.world.direct_room("wecom", "li").id, text="你好")
        direct = await bot.heard()
        codes = [(await bot.respond(one, markdown()))["errcode"] for one in (callback, direct, direct)]
        assert codes == [0, 0, 45009]


@pytest.mark.parametrize(
    ("body", "code", "rule"),
    [
        (markdown("汉" * 6826), 0, None),
        (markdown("汉" * 6827), 45002, "content.too_long"),
        (stream("x" * 20480), 0, None),
        (stream("x" * 20481), 45002, "content.too_long"),
        (markdown(""), 44004, "content.empty"),
        (stream(""), 44004, "content.empty"),
        (stream("x", id=""), 40058, "stream.shape"),
        (stream("x", msg_item=[{"msgtype": "image"}]), 40058, "stream.msg_item"),
        (stream("x", feedback={"id": "f" * 257}), 40058, "feedback.id"),
        ({"msgtype": "text", "text": {"content": "x"}}, 40008, "msgtype"),
        ({"msgtype": "stream_with_template_card"}, 40008, "msgtype"),
        ({"msgtype": "markdown"}, 40058, "body.shape"),
        ({}, 40008, "msgtype"),
        ({"msgtype": "image", "image": {"media_id": "made-up"}}, 40007, "media_id"),
    ],
)
async def test_what_a_reply_may_hold(clock: FixedClock, body: Frame, code: int, rule: str | None) -> None:
    async with rigged(clock) as rig:
        bot, callback = await _asked(rig)
        answer = await bot.respond(callback, body)
        assert (answer["errcode"], rig.broken) == (code, [rule] if rule else [])
        assert len(rig.said) == (0 if code else 1)


async def _asked(rig: Rig) -> tuple[Bot, Frame]:
    bot = await rig.bot()
    rig.ask_bot()
    return bot, await bot.heard()


async def _entered(rig: Rig) -> tuple[Bot, Frame]:
    bot = await rig.bot()
    rig.world.enter("li", rig.world.direct_room("wecom", "li").id)
    return bot, await bot.heard()


async def _clicked(rig: Rig) -> tuple[Bot, Frame]:
    bot, callback = await _asked(rig)
    await bot.respond(callback, {"msgtype": "template_card", "template_card": button_card()})
    rig.world.click("wang", rig.world.posts(author="bot")[0].id, "say:确认 7")
    return bot, await bot.heard()


async def _welcome(bot: Bot, event: Frame, body: Frame) -> Frame:
    return await bot.ask("aibot_respond_welcome_msg", body, req_id=event["headers"]["req_id"])


async def _update(bot: Bot, event: Frame, card: Frame, **more: Any) -> Frame:
    body = {"response_type": "update_template_card", "template_card": card, **more}
    return await bot.ask("aibot_respond_update_msg", body, req_id=event["headers"]["req_id"])
