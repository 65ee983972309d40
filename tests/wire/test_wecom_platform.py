"""Our WeCom platform on the pretend WeCom: it hears, speaks and breaks no rule, whatever goes wrong."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.base import MediaUnavailable, State
from domain.clock import FixedClock
from notifier.card import Button, Card
from notifier.delivery import Delivered, Outgoing, Refused, Retry, Unknown
from tests.wire.wecom_called import Beside
from tests.wire.wecom_house import House, housed
from tests.wire.wecom_rig import GROUP, JPEG, PNG, rigged
from tests.wire.wecom_server import until

ANDON = Card(
    title="缺料 A-12",
    lines=("工单：WO-1001",),
    buttons=(Button(text="接", say="接 A-12", guard="open"), Button(text="到哪了", say="A-12 到哪了")),
    key="andon-12",
)


@pytest.fixture
async def house(clock: FixedClock, tmp_path: Path) -> AsyncIterator[House]:
    async with rigged(clock) as rig, housed(rig, tmp_path) as house:
        yield house


async def test_a_question_in_the_group_is_answered_there(house: House) -> None:
    house.rig.ask_bot("WO-1 到哪了")
    heard = await house.heard()
    assert (heard.text, heard.sender_id, heard.chat_id) == ("WO-1 到哪了", "ligong", GROUP)
    assert await house.platform.send(house.answer(heard, "在焊接")) == Delivered()
    assert house.rig.said == [("markdown", "在焊接")]
    assert house.rig.broken == []


async def test_a_direct_question_and_a_push_afterwards(house: House) -> None:
    room = house.rig.world.direct_room("wecom", "li")
    house.rig.world.say("li", room.id, text="帮助")
    heard = await house.heard()
    house.rig.clock.advance(timedelta(hours=25))
    assert await house.platform.send(house.answer(heard, "早会")) == Delivered()
    assert house.post().room_id == room.id
    assert house.rig.broken == []


async def test_a_chat_in_which_nobody_wrote_takes_no_push(house: House) -> None:
    out = Outgoing(id=1, key="o", chat_id=GROUP, chat_kind="group", card=Card(lines=("早会",)))
    assert not isinstance(await house.platform.send(out), Delivered)


async def test_who_never_wrote_to_the_bot_is_told_by_the_app(clock: FixedClock, tmp_path: Path) -> None:
    app = Beside("app", clock)
    async with rigged(clock) as rig, housed(rig, tmp_path, app=app) as house:
        out = Outgoing(id=1, key="o", chat_id="LiGong", chat_kind="direct", card=Card(lines=("缺料",)))
        assert await house.platform.send(out) == Delivered(provider_id="beside")
        assert [it.chat_id for it in app.said] == ["app:LiGong"]
        group = replace(out, chat_id=GROUP, chat_kind="group")
        assert isinstance(await house.platform.send(group), Refused)
    assert len(app.said) == 1


async def test_pictures_with_words_and_in_quotes(house: House) -> None:
    world = house.rig.world
    world.say("li", GROUP, text="入库", images=[JPEG, PNG], mention_bot=True)
    photo = world.say("li", GROUP, images=[PNG])
    world.say("wang", GROUP, text="这是什么", quote=photo.id, mention_bot=True)
    mixed, quoting = await house.heard(), await house.heard(2)
    assert [await house.platform.fetch(ref) for ref in mixed.media] == [JPEG, PNG]
    assert [await house.platform.fetch(ref) for ref in quoting.media] == [PNG]
    assert (mixed.text, quoting.text) == ("入库", "这是什么")


async def test_keys_without_padding_and_a_storage_that_fails_at_first(house: House) -> None:
    house.rig.cloud.bare_keys = True
    house.rig.faults.add("status", "wecom.media.first", status=503)
    house.rig.faults.add("reset", "wecom.media.again", times=1)
    house.rig.world.say("li", GROUP, text="入库", images=[JPEG], mention_bot=True)
    (ref,) = (await house.heard()).media
    assert await house.platform.fetch(ref) == JPEG


async def test_after_five_minutes_a_picture_is_gone(house: House) -> None:
    house.rig.world.say("li", GROUP, text="入库", images=[JPEG], mention_bot=True)
    (ref,) = (await house.heard()).media
    house.rig.clock.advance(timedelta(minutes=6))
    with pytest.raises(MediaUnavailable):
        await house.platform.fetch(ref)


async def test_a_card_its_click_and_its_new_face(house: House) -> None:
    house.rig.ask_bot("缺料 WO-1001")
    heard = await house.heard()
    assert await house.platform.send(house.answer(heard, ANDON, key="o1")) == Delivered(provider_id="o1")
    house.rig.world.click("wang", house.post().id, house.post().body["buttons"][0]["key"])
    click = await house.heard(2)
    assert (click.kind, click.text, click.guard, click.sender_id) == ("button", "接 A-12", "open", "wangfang")
    assert await house.platform.send(house.answer(click, "王芳已接")) == Delivered()
    card, said = house.post(0), house.post(1)
    assert [button["text"] for button in card.body["buttons"]] == ["✓ 接", "到哪了"]
    assert (card.version, said.body["text"]) == (2, "王芳已接")
    assert house.rig.broken == []


async def test_a_new_version_takes_the_cards_place(house: House) -> None:
    house.rig.ask_bot("缺料 WO-1001")
    await house.platform.send(house.answer(await house.heard(), ANDON, key="o1"))
    house.rig.world.click("wang", house.post().id, house.post().body["buttons"][0]["key"])
    taken = Card(title="缺料 A-12 已接", lines=("负责：王芳",), key="andon-12")
    outcome = await house.platform.send(house.answer(await house.heard(2), taken))
    assert outcome == Delivered(provider_id="o1")
    assert house.post().body["title"] == "缺料 A-12 已接"
    assert house.rig.broken == []


async def test_a_late_click_is_answered_by_a_message(house: House) -> None:
    house.rig.ask_bot("缺料 WO-1001")
    await house.platform.send(house.answer(await house.heard(), ANDON, key="o1"))
    house.rig.world.click("wang", house.post().id, house.post().body["buttons"][0]["key"])
    click = await house.heard(2)
    house.rig.clock.advance(timedelta(seconds=6))
    assert await house.platform.send(house.answer(click, "王芳已接")) == Delivered()
    assert house.rig.broken == []


async def test_who_enters_is_welcomed(house: House) -> None:
    room = house.rig.world.direct_room("wecom", "li")
    house.rig.world.enter("li", room.id)
    assert await house.platform.send(house.answer(await house.heard(), "我是班长")) == Delivered()
    assert [text for _, text in house.rig.said] == ["我是班长"]
    assert house.rig.broken == []


async def test_a_picture_follows_its_card(house: House, tmp_path: Path) -> None:
    (tmp_path / "chart.png").write_bytes(PNG)
    house.rig.ask_bot()
    card = Card(title="今天", image="chart.png")
    assert await house.platform.send(house.answer(await house.heard(), card)) == Delivered()
    assert [kind for kind, _ in house.rig.said] == ["markdown", "image"]
    assert house.rig.world.media(house.post().body["media"]) == PNG
    assert house.rig.broken == []


async def test_a_picture_that_cannot_be_sent_is_missed_aloud(house: House, tmp_path: Path) -> None:
    (tmp_path / "chart.png").write_bytes(b"no picture, says the cloud")
    house.rig.ask_bot()
    heard = await house.heard()
    for name in ("chart.png", "nowhere.png"):
        outcome = await house.platform.send(house.answer(heard, Card(title="今天", image=name)))
        assert outcome == Delivered()
        assert house.rig.said[-1] == ("markdown", "**今天**\n（图片没有传上去）")


async def test_a_file_of_three_pieces(house: House) -> None:
    house.rig.ask_bot()
    content = bytes(range(256)) * 5000
    out = house.answer(await house.heard(), "")
    assert await house.platform.send_file(out, name="日报.xlsx", data=content) == Delivered()
    assert house.rig.world.media(house.post().body["media"]) == content
    assert house.rig.broken == []


@pytest.mark.parametrize("kind", ["duplicate", "garbage", "redeliver"])
async def test_a_message_counts_once_whatever_the_push_does(house: House, kind: Any) -> None:
    house.rig.faults.add(kind, "wecom.push.msg", times=1)
    house.rig.ask_bot("一")
    house.rig.ask_bot("二")
    await house.heard(2)
    assert [heard.text for heard in house.journal] == ["一", "二"]


@pytest.mark.parametrize("code", [1000, 1001, None])
async def test_after_an_end_the_old_answer_is_pushed(house: House, code: int | None) -> None:
    house.rig.ask_bot()
    heard = await house.heard()
    house.rig.cloud.drop_line(code=code)
    await house.back()
    assert await house.platform.send(house.answer(heard, "在")) == Delivered()
    assert house.rig.said == [("markdown", "在")]
    assert house.rig.broken == []


async def test_a_line_that_goes_silent_is_replaced(house: House) -> None:
    house.rig.cloud.freeze_line()
    await house.back()
    house.rig.ask_bot("还在吗")
    assert (await house.heard()).text == "还在吗"


async def test_not_subscribed_while_open_is_mended_within_the_send(house: House) -> None:
    house.rig.ask_bot()
    heard = await house.heard()
    house.rig.faults.add("errcode", "wecom.respond_msg", code=846609, times=1)
    assert await house.platform.send(house.answer(heard, "在")) == Delivered()
    assert house.rig.said == [("markdown", "在")]


async def test_a_group_without_pushes(house: House) -> None:
    house.rig.faults.add("errcode", "wecom.send_msg.group", code=600039)
    house.rig.ask_bot()
    heard = await house.heard()
    out = Outgoing(id=1, key="o9", chat_id=heard.chat_id, chat_kind="group", card=ANDON)
    assert await house.platform.send(out) == Delivered()
    assert [kind for kind, _ in house.rig.said] == ["markdown"]


async def test_an_answer_lost_on_the_way_back_is_unknown_and_said_again_with_a_mark(house: House) -> None:
    house.rig.faults.add("lost", "wecom.respond_msg", times=1)
    house.rig.ask_bot()
    heard = await house.heard()
    assert isinstance(await house.platform.send(house.answer(heard, "在")), Unknown)
    await house.back()
    assert await house.platform.send(house.answer(heard, "在", repeat=1)) == Delivered()
    assert [text for _, text in house.rig.said] == ["在", "（重发）\n在"]


async def test_thirty_messages_a_minute_and_no_more(house: House) -> None:
    house.rig.ask_bot()
    heard = await house.heard()
    outcomes = [await house.platform.send(house.answer(heard, f"{n}", key=f"k{n}")) for n in range(31)]
    assert outcomes[:30] == [Delivered()] * 30
    assert isinstance(outcomes[30], Retry)
    assert outcomes[30].block


async def test_another_instance_takes_over_and_ours_comes_back_later(house: House) -> None:
    await house.rig.bot()
    await until(lambda: house.platform.health().state is State.KICKED)
    await house.back()
    house.rig.ask_bot("回来了吗")
    assert (await house.heard()).text == "回来了吗"


async def test_wrong_credentials_are_tried_again_slowly(clock: FixedClock, tmp_path: Path) -> None:
    async with rigged(clock) as rig:
        rig.faults.add("refuse", "wecom.subscribe", times=1)
        async with housed(rig, tmp_path) as house:
            assert house.platform.health().reconnects == 1
        assert len(rig.cloud.recorder.payloads("wecom.subscribe")) == 2
