"""What the pretend WeCom tells a bot: which posts reach it, in which shape, and where pictures are."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.town import Post
from bot.sandbox.wecom import Limits
from domain.clock import FixedClock
from tests.wire.wecom_rig import GROUP, JPEG, PNG, Frame, Rig, button_card, decrypted, markdown, rigged


async def test_a_group_message_carries_the_literal_mention(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", GROUP, text="报工 WO-1 5", mention_bot=True, mentions=["wang"])
        frame = await bot.heard()
        assert frame["cmd"] == "aibot_msg_callback"
        body = dict(frame["body"])
        assert body.pop("msgid")
        assert body == {
            "aibotid": rig.cloud.bot_id,
            "chatid": GROUP,
            "chattype": "group",
            "from": {"userid": "LiGong"},
            "msgtype": "text",
            "text": {"content": "@班长 @王芳 报工 WO-1 5"},
        }


async def test_a_direct_message_has_no_chatid_and_needs_no_mention(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", _direct(rig), text="报工 WO-1 5")
        body = (await bot.heard())["body"]
        assert (body["chattype"], body["text"], "chatid" in body) == (
            "single",
            {"content": "报工 WO-1 5"},
            False,
        )


async def test_what_does_not_mention_the_bot_in_a_group_never_arrives(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", GROUP, text="大家好")
        rig.world.say("li", GROUP, text="看这个", images=[JPEG])
        rig.world.say("li", GROUP, images=[JPEG])
        rig.world.say("li", GROUP, text="王芳看", mentions=["wang"])
        rig.world.say("li", GROUP, file=("单.xlsx", b"PK\x03\x04"), mention_bot=True)
        rig.world.say("li", GROUP, text="语音", audio=b"amr", mention_bot=True)
        assert await bot.everything() == []


async def test_text_and_picture_with_a_mention_are_mixed(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", GROUP, text="入库", images=[JPEG, PNG], mention_bot=True)
        body = (await bot.heard())["body"]
        assert (body["msgtype"], body["chatid"]) == ("mixed", GROUP)
        words, *pictures = body["mixed"]["msg_item"]
        assert words == {"msgtype": "text", "text": {"content": "@班长 入库"}}
        assert [await _fetched(rig, item["image"]) for item in pictures] == [JPEG, PNG]


async def test_a_bare_picture_arrives_in_a_direct_chat(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", _direct(rig), images=[PNG])
        body = (await bot.heard())["body"]
        assert (body["msgtype"], await _fetched(rig, body["image"])) == ("image", PNG)


async def test_two_pictures_without_words_are_mixed_of_pictures_only(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", _direct(rig), images=[PNG, JPEG])
        body = (await bot.heard())["body"]
        assert [item["msgtype"] for item in body["mixed"]["msg_item"]] == ["image", "image"]


async def test_files_keep_their_names_and_voice_comes_as_text(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", _direct(rig), file=("领料 单.xlsx", b"PK\x03\x04"))
        rig.world.say("li", _direct(rig), text="焊接报工五十", audio=b"amr")
        file, voice = (frame["body"] for frame in await bot.everything())
        async with rig.session.get(file["file"]["url"]) as response:
            named = response.headers["Content-Disposition"]
        assert named == "attachment; filename*=UTF-8''%E9%A2%86%E6%96%99%20%E5%8D%95.xlsx"
        assert await _fetched(rig, file["file"]) == b"PK\x03\x04"
        assert (voice["msgtype"], voice["voice"]) == ("voice", {"content": "焊接报工五十"})


async def test_quoting_brings_what_was_never_delivered(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        photo = rig.world.say("wang", GROUP, images=[JPEG])
        rig.world.say("li", GROUP, text="入库", quote=photo.id, mention_bot=True)
        quote = (await bot.heard())["body"]["quote"]
        assert (quote["msgtype"], await _fetched(rig, quote["image"])) == ("image", JPEG)


async def test_every_kind_of_post_can_be_quoted(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        say, room = rig.world.say, _direct(rig)
        posts = [
            say("li", room, text="早"),
            say("li", room, text="看", images=[JPEG]),
            say("li", room, file=("a.csv", b"a,b,c,d")),
            say("li", room, text="听", audio=b"amr"),
            rig.world.bot_post(room, "markdown", {"title": "日报", "text": "合格率 98 %"}),
        ]
        await _answer_everything(rig)
        for post in posts:
            await _quote(rig, post)
        quotes = [push["body"]["quote"] for push in await bot.everything() if "quote" in push["body"]]
        kinds = [quote["msgtype"] for quote in quotes]
        assert kinds == ["text", "mixed", "file", "voice", "text"]
        assert quotes[-1]["text"]["content"] == "日报\n合格率 98 %"


async def test_enter_chat_comes_once_a_day_and_only_in_direct_chats(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.enter("li", GROUP)
        for _ in range(2):
            rig.world.enter("li", _direct(rig))
        rig.world.enter("wang", _direct(rig, "wang"))
        clock.advance(timedelta(days=1))
        rig.world.enter("li", _direct(rig))
        bodies = [push["body"] for push in await bot.everything()]
        assert [body["from"]["userid"] for body in bodies] == ["LiGong", "WangFang", "LiGong"]
        assert bodies[0]["event"] == {"eventtype": "enter_chat"}
        assert bodies[0]["create_time"] == int((clock.now() - timedelta(days=1)).timestamp())
        assert not {"chatid", "chattype"} & set(bodies[0])


async def test_a_pressed_button_is_an_event_with_key_and_task(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.ask_bot()
        await bot.respond(await bot.heard(), {"msgtype": "template_card", "template_card": button_card()})
        card = rig.world.posts(author="bot")[0]
        rig.world.click("wang", card.id, "say:确认 7")
        frame = await bot.heard()
        assert frame["cmd"] == "aibot_event_callback"
        body = frame["body"]
        assert (body["from"], body["chatid"], body["chattype"]) == ({"userid": "WangFang"}, GROUP, "group")
        assert body["event"] == {
            "eventtype": "template_card_event",
            "template_card_event": {
                "card_type": "button_interaction",
                "event_key": "say:确认 7",
                "task_id": "T1",
            },
        }


async def test_choices_travel_as_selected_items(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.ask_bot()
        await bot.respond(await bot.heard(), {"msgtype": "template_card", "template_card": _vote()})
        post = rig.world.posts(author="bot")[0]
        rig.cloud.clicked(
            room=rig.world.rooms[GROUP],
            post=post,
            resident=rig.world.residents["li"],
            key="ok",
            selected={"q1": ["o1", "o2"]},
        )
        event = (await bot.heard())["body"]["event"]["template_card_event"]
        assert event["selected_items"] == {
            "selected_item": [{"question_key": "q1", "option_ids": {"option_id": ["o1", "o2"]}}]
        }


async def test_feedback_only_where_it_was_asked_for(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.ask_bot()
        callback = await bot.heard()
        await bot.respond(
            callback, {"msgtype": "markdown", "markdown": {"content": "好", "feedback": {"id": "F1"}}}
        )
        await bot.respond(callback, markdown())
        asked, not_asked = rig.world.posts(author="bot")
        rig.cloud.rate("li", asked.id, type=2, content="数量不对")
        event = (await bot.heard())["body"]["event"]
        assert event["feedback_event"] == {"id": "F1", "type": 2, "content": "数量不对"}
        with pytest.raises(KeyError):
            rig.cloud.rate("li", not_asked.id, type=1)


async def test_at_most_three_interactions_of_one_user_are_in_flight(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        for number in range(5):
            rig.ask_bot(str(number))
        rig.ask_bot("other", by="wang")
        first = await bot.everything()
        assert [push["body"]["text"]["content"][4:] for push in first] == ["0", "1", "2", "other"]
        await bot.respond(first[0], markdown())
        assert [push["body"]["text"]["content"][4:] for push in await bot.everything()] == ["3"]
        clock.advance(timedelta(minutes=7))
        assert (await bot.heard())["body"]["text"]["content"] == "@班长 4"


async def test_what_is_said_while_nobody_listens_is_lost(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        rig.ask_bot()
        lost = rig.world.posts()[0]
        assert await (await rig.bot()).everything() == []
        assert rig.cloud.undelivered == [lost.id]


async def test_media_expire_after_five_minutes(clock: FixedClock) -> None:
    async with rigged(clock) as rig:
        bot = await rig.bot()
        rig.world.say("li", _direct(rig), images=[PNG])
        image = (await bot.heard())["body"]["image"]
        clock.advance(timedelta(minutes=5))
        assert await _fetched(rig, image) == PNG
        clock.advance(timedelta(seconds=1))
        async with rig.session.get(image["url"]) as response:
            assert (response.status, "AccessDenied" in await response.text()) == (403, True)
        async with rig.session.get(rig.cloud.http_url + "/media/unknown") as response:
            assert response.status == 404


async def test_each_object_has_a_key_of_its_own_that_may_lack_the_equals_sign(clock: FixedClock) -> None:
    async with rigged(clock, Limits(in_flight=9)) as rig:
        bot = await rig.bot()
        rig.world.say("li", _direct(rig), images=[PNG])
        rig.cloud.bare_keys = True
        rig.world.say("li", _direct(rig), images=[PNG])
        one, two = (push["body"]["image"] for push in await bot.everything())
        assert (len(one["aeskey"]), len(two["aeskey"])) == (44, 43)
        assert [await _fetched(rig, image) for image in (one, two)] == [PNG, PNG]
        assert one["url"] != two["url"]


def _direct(rig: Rig, resident: str = "li") -> str:
    return rig.world.direct_room("wecom", resident).id


async def _fetched(rig: Rig, media: dict[str, Any]) -> bytes:
    async with rig.session.get(media["url"]) as response:
        assert response.status == 200
        blob = await response.read()
    assert not blob.startswith((b"\xff\xd8", b"\x89PNG", b"PK"))
    return decrypted(blob, key=base64.b64decode(media["aeskey"] + "=" * (-len(media["aeskey"]) % 4)))


async def _answer_everything(rig: Rig) -> None:
    rig.clock.advance(timedelta(minutes=7))


async def _quote(rig: Rig, post: Post) -> None:
    rig.world.say("li", post.room_id, text="这个", quote=post.id)
    await _answer_everything(rig)


def _vote() -> Frame:
    return {
        "card_type": "vote_interaction",
        "main_title": {"title": "选工序"},
        "checkbox": {
            "question_key": "q1",
            "mode": 1,
            "option_list": [{"id": "o1", "text": "焊接"}, {"id": "o2", "text": "装配"}],
        },
        "submit_button": {"text": "提交", "key": "ok"},
        "task_id": "V1",
    }
