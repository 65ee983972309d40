"""Cards, pictures, greetings and ratings by the AI bot's callback URL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.wecom import Limits
from domain.clock import FixedClock
from notifier.card import Button, Card
from notifier.delivery import Delivered
from tests.wire.wecom_called import HASTY, Called, ask, called
from tests.wire.wecom_rig import GROUP, PNG, Rig, rigged
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


async def test_a_pressed_card_is_brought_up_to_date_within_the_call(house: Called) -> None:
    house.reply = lambda heard: (
        ask("接 A-12") if heard.kind == "text" else Card(title="缺料 A-12", lines=("张伟接了",), key="a12")
    )
    house.rig.ask_bot("缺料")
    post = await house.shown()
    house.rig.world.click("wang", post.id, post.body["buttons"][0]["key"])
    pressed = await house.heard(2)
    assert (pressed.kind, pressed.text, pressed.guard) == ("button", "接 A-12", "g1")
    assert isinstance(await house.settled(2), Delivered)
    shown = house.rig.world.post(post.id)
    assert [button["text"] for button in shown.body["buttons"]] == ["✓ 接 A-"]
    assert ("markdown", "**缺料 A-12**\n张伟接了") in house.rig.said, (
        "what else there is to say comes by the url"
    )


async def test_a_new_version_of_the_card_says_it_all(house: Called) -> None:
    card = Card(title="缺料 A-12", key="a12", buttons=(Button(text="接", say="接 A-12", guard="open"),))
    after = Card(title="缺料 A-12", lines=("王芳接了",), key="a12")
    house.reply = lambda heard: card if heard.kind == "text" else after
    house.rig.ask_bot("缺料")
    post = await house.shown()
    house.rig.world.click("wang", post.id, post.body["buttons"][0]["key"])
    await house.settled(2)
    assert "王芳接了" in house.rig.world.post(post.id).body["text"]
    assert len(house.rig.said) == 1


async def test_a_refused_press_changes_nothing_and_is_said_beside(house: Called) -> None:
    house.reply = lambda heard: (
        ask("接 A-12") if heard.kind == "text" else Card(title="已经有人接了", tone="warn")
    )
    house.rig.ask_bot("缺料")
    post = await house.shown()
    house.rig.world.click("wang", post.id, post.body["buttons"][0]["key"])
    await house.settled(2)
    assert house.rig.world.post(post.id).version == 1
    assert house.rig.said[1] == ("markdown", "**⚠️ 已经有人接了**")


async def test_a_press_that_nobody_answers_is_let_go(rig: Rig, tmp_path: Path) -> None:
    async with called(rig, tmp_path, timing=HASTY) as house:
        house.reply = lambda heard: ask("接 A-12") if heard.kind == "text" else None
        house.rig.ask_bot("缺料")
        post = await house.shown()
        house.rig.world.click("wang", post.id, post.body["buttons"][0]["key"])
        await until(lambda: len(house.rig.cloud.recorder.at("wecom.push.event", "in")) == 1)
        assert house.rig.cloud.recorder.payloads("wecom.push.event") == [None]


async def test_a_picture_goes_in_the_bubble(house: Called, tmp_path: Path) -> None:
    (tmp_path / "p1").write_bytes(PNG)
    house.reply = lambda _heard: Card(title="产量", image="p1")
    house.rig.ask_bot("产量")
    await house.settled()
    assert [kind for kind, _text in house.rig.said] == ["markdown", "image"]


async def test_what_cannot_go_by_the_call_is_said(house: Called) -> None:
    house.reply = lambda _heard: Card(title="产量", image="gone")
    house.rig.ask_bot("产量")
    await house.settled()
    assert house.rig.said == [("markdown", "**产量**\n（图片没有传上去）")]


# welcome and feedback


async def test_who_opens_the_chat_is_welcomed(house: Called) -> None:
    house.reply = lambda _heard: Card(title="你好", lines=("说 帮助",))
    room = house.rig.world.direct_room("wecom", "li")
    house.rig.world.enter("li", room.id)
    post = await house.shown()
    assert (post.kind, post.body["text"]) == ("text", "你好\n说 帮助")
    assert await house.settled() == Delivered()


async def test_feedback_gets_an_empty_answer(house: Called) -> None:
    post = house.rig.world.bot_post(GROUP, "markdown", {"title": "", "text": "x", "feedback": "f1"})
    house.rig.cloud.rate("li", post.id, type=2, content="不对")
    assert (await house.heard()).text == "feedback"
    await until(lambda: house.rig.cloud.recorder.payloads("wecom.push.event") == [None])
