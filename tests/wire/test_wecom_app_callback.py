"""The self-built app's callback: verified, heard once, answered on the call, else asked for again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.base import Incoming, MediaUnavailable
from bot.sandbox.wecom.app import AppLimits, payloads
from domain.clock import FixedClock
from notifier.card import Card
from tests.wire.wecom_app_house import PHOTO, AppHouse, app_town, confirm_card
from tests.wire.wecom_server import until

MENU = [{"type": "scancode_waitmsg", "name": "扫码", "key": "scan"},
        {"type": "scancode_push", "name": "扫", "key": "push"},
        {"type": "click", "name": "报工", "key": '{"say":"报工"}'}]  # fmt: skip


@pytest.fixture
async def house(clock: FixedClock, tmp_path: Path) -> AsyncIterator[AppHouse]:
    """Run the town; nothing may break a rule of the wire."""
    async with app_town(clock, tmp_path) as house:
        house.app.menus.entries = MENU
        yield house
        assert house.broken == []


async def test_the_console_verifies_the_url(house: AppHouse) -> None:
    assert await house.app.courier.verify()


async def test_a_text_is_heard_in_the_apps_own_chat(house: AppHouse) -> None:
    house.world.say("li", house.room.id, text="报工 WO-1 50")
    heard = await house.heard()
    assert (heard.platform, heard.tenant, heard.kind) == ("wecom", house.app.corp_id, "text")
    assert (heard.chat_id, heard.chat_kind, heard.sender_id) == ("app:ligong", "direct", "ligong")
    assert (heard.text, heard.sent_at) == ("报工 WO-1 50", house.clock.now())


async def test_a_short_answer_goes_out_on_the_call(house: AppHouse) -> None:
    async def answers(incoming: Incoming) -> None:
        await house.door.send(house.answer(incoming, "已报工 50"))

    house.answers = answers
    house.world.say("li", house.room.id, text="报工 WO-1 50")
    await house.heard()
    await house.quiet()
    assert house.said == [("text", "已报工 50")]
    assert house.asked("app.send") == []


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        (confirm_card(), ["card"]),
        (confirm_card(buttons=(), lines=("很长的一行 " * 30,) * 7), ["text", "text"]),
        (confirm_card(buttons=(), lines=("很长的一行 " * 30,) * 40), ["text", "file"]),
    ],
    ids=["card", "long", "very long"],
)
async def test_cards_and_long_answers_are_sent_and_the_call_is_let_go(
    house: AppHouse, card: Card, shown: list[str]
) -> None:
    async def answers(incoming: Incoming) -> None:
        await house.door.send(house.answer(incoming, card))

    house.answers = answers
    house.world.say("li", house.room.id, text="谁在等我")
    await house.heard()
    await house.quiet()
    assert [post.kind for post in house.posts] == shown
    assert len(house.asked("app.send")) == len(shown)


async def test_an_answer_after_the_call_is_sent(house: AppHouse) -> None:
    house.world.say("li", house.room.id, text="报工 WO-1 50")
    heard = await house.heard()
    await house.quiet()
    await house.door.send(house.answer(heard, "已报工 50"))
    assert house.said == [("text", "已报工 50")]
    assert len(house.asked("app.send")) == 1


async def test_what_is_not_written_down_is_asked_for_again_and_heard_once(house: AppHouse) -> None:
    house.shut = True
    house.world.say("li", house.room.id, text="报工 WO-1 50")
    await until(lambda: len(house.cloud.recorder.at("wecom.app.push", "out")) > 1)
    house.shut = False
    assert (await house.heard()).text == "报工 WO-1 50"
    await house.quiet()
    assert len(house.journal) == 1


async def test_a_call_whose_answer_was_lost_gets_the_same_answer_again(house: AppHouse) -> None:
    async def answers(incoming: Incoming) -> None:
        await house.door.send(house.answer(incoming, "已报工 50"))

    house.answers = answers
    house.cloud.faults.add("deaf", "wecom.app.push", times=1)
    house.world.say("li", house.room.id, text="报工 WO-1 50")
    await house.heard()
    await house.quiet()
    assert house.said == [("text", "已报工 50")]
    assert len(house.cloud.recorder.at("wecom.app.push", "out")) == 2
    assert (len(house.journal), house.asked("app.send")) == (1, [])


@pytest.mark.parametrize("fault", ["duplicate", "redeliver"])
async def test_a_call_that_comes_twice_is_heard_once(house: AppHouse, fault: str) -> None:
    house.cloud.faults.add(fault, "wecom.app.push", times=1)  # type: ignore[arg-type]
    house.world.say("li", house.room.id, text="报工 WO-1 50")
    await house.heard()
    house.world.say("li", house.room.id, text="帮助")
    await house.heard(2)
    await house.quiet()
    assert [heard.text for heard in house.journal] == ["报工 WO-1 50", "帮助"]


@pytest.mark.parametrize(
    ("kind", "scanned", "text"),
    [
        ("qrcode", "WO-1001", "WO-1001"),
        ("barcode", "CODE_128,LOT-7", "LOT-7"),
        ("barcode", "EAN_13,6901234567892", "6901234567892"),
        ("qrcode", "a,b", "a,b"),
    ],
)
async def test_a_scan_is_a_sentence(house: AppHouse, kind: str, scanned: str, text: str) -> None:
    house.app.scan("li", scanned, kind=kind)
    assert ((await house.heard()).kind, house.journal[0].text) == ("text", text)


async def test_two_scans_of_one_second_are_two(house: AppHouse) -> None:
    house.app.scan("li", "LOT-7")
    house.app.scan("li", "LOT-8")
    await house.heard(2)
    assert {heard.text for heard in house.journal} == {"LOT-7", "LOT-8"}


async def test_a_scan_that_nobody_waits_for_is_answered_by_a_message(house: AppHouse) -> None:
    async def answers(incoming: Incoming) -> None:
        assert incoming.slot is None
        await house.door.send(house.answer(incoming, "LOT-7 已放行"))

    house.answers = answers
    house.app.scan("li", "LOT-7", waits=False)
    await house.heard()
    await house.quiet()
    assert (len(house.asked("app.send")), house.said) == (1, [("text", "LOT-7 已放行")])


async def test_a_menu_entry_is_a_sentence(house: AppHouse) -> None:
    house.app.tap("li", "报工")
    house.app.happen("li", payloads.event("click", key="谁在等我"))
    await house.heard(2)
    assert {heard.text for heard in house.journal} == {"报工", "谁在等我"}


async def test_who_opens_the_chat_is_greeted_once_a_day(house: AppHouse) -> None:
    for _ in range(3):
        house.world.enter("li", house.room.id)
    house.app.happen("li", payloads.event("subscribe"))
    await house.heard()
    await house.quiet()
    assert [(heard.kind, heard.text) for heard in house.journal] == [("event", "enter_chat")]


async def test_a_picture_is_fetched_by_its_media_id(house: AppHouse) -> None:
    house.world.say("li", house.room.id, images=[PHOTO])
    heard = await house.heard()
    assert [ref.kind for ref in heard.media] == ["image"]
    assert await house.door.fetch(heard.media[0]) == PHOTO
    house.cloud.faults.add("token", "wecom.app.media", times=1)
    assert await house.door.fetch(heard.media[0]) == PHOTO


async def test_a_picture_that_is_gone_says_so(house: AppHouse) -> None:
    house.world.say("li", house.room.id, images=[PHOTO])
    heard = await house.heard()
    house.cloud.faults.add("errcode", "wecom.app.media", code=40007)
    with pytest.raises(MediaUnavailable, match="40007") as gone:
        await house.door.fetch(heard.media[0])
    assert not gone.value.temporary


async def test_voice_location_and_link_are_heard_as_well_as_they_can_be(house: AppHouse) -> None:
    house.world.say("li", house.room.id, audio=b"#!AMR voice")
    place = payloads.message("location", Location_X="23.1", Location_Y="113.3", Scale=15, Label="二号仓库")
    house.app.happen("li", {**place, "MsgId": 77})
    link = payloads.message("link", Title="作业指导书", Description="", Url="https://a.example/", PicUrl="")
    house.app.happen("li", {**link, "MsgId": 78})
    await house.heard(3)
    by_text = {heard.text: [ref.kind for ref in heard.media] for heard in house.journal}
    assert by_text == {"": ["audio"], "二号仓库": [], "作业指导书": []}


async def test_a_change_of_the_directory_is_handed_on(house: AppHouse) -> None:
    change = payloads.event("change_contact", ChangeType="update_user", UserID="WangFang", Name="王芳")
    house.app.happen("li", {**change, "FromUserName": "sys"})
    heard = await house.heard()
    assert (heard.kind, heard.text, heard.slot) == ("event", "change_contact", None)
    assert heard.raw["event"]["ChangeType"] == "update_user"
    assert heard.raw["event"]["UserID"] == "WangFang"


async def test_warnings_of_suspension_are_loud_until_they_are_over(house: AppHouse) -> None:
    house.app.happen("li", payloads.event("low_active_alert"))
    await house.quiet()
    assert "可能被停用" in house.door.health().detail
    house.app.happen("li", payloads.event("active_restored"))
    await house.quiet()
    assert house.door.health().detail == ""
    assert house.journal == []


@pytest.mark.parametrize("event", ["view", "unsubscribe", "pic_sysphoto", "batch_job_result", "new_thing"])
async def test_what_concerns_nobody_is_acknowledged_and_left(house: AppHouse, event: str) -> None:
    house.app.happen("li", payloads.event(event, key="k"))
    await house.quiet()
    assert (house.journal, house.app.courier.undelivered) == ([], [])


async def test_an_answer_that_found_nobody_on_the_call_is_sent_and_not_given_again(
    clock: FixedClock, tmp_path: Path
) -> None:
    """WeCom has hung up and calls again only when the message is there already."""
    async with app_town(clock, tmp_path, limits=AppLimits(callback_seconds=0.1, pause=1.0)) as house:

        async def answers(incoming: Incoming) -> None:
            await until(lambda: house.app.courier.gave_up)
            await house.door.send(house.answer(incoming, "已报工 50"))

        house.answers = answers
        house.world.say("li", house.room.id, text="报工 WO-1 50")
        await house.heard()
        await house.quiet()
        assert house.said == [("text", "已报工 50")]
        assert len(house.asked("app.send")) == 1
