"""Our DingTalk against the pretend cloud: what is said there is heard here, and the other way round."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.base import MediaUnavailable, State
from bot.sandbox.dingtalk.names import CORP_ID
from notifier.card import Button, Card, Table
from notifier.delivery import Delivered, Refused, Retry, Unknown
from tests.wire.dingtalk_house import House, a_house, an_answer
from tests.wire.dingtalk_probe import PNG, eventually

TAKE = Button(text="接手", say="接手 A-7", style="primary", guard="A-7:open")
ANDON = Card(title="三号线缺料", lines=("工单 WO-1001",), buttons=(TAKE,), key="andon:7", tone="bad")


async def test_a_group_message_is_heard_and_answered_with_a_real_mention() -> None:
    async with a_house() as house:
        house.world.say("li", "line3", text="报工 WO-1001 5", mention_bot=True)
        heard = await house.ears.next()
        assert (heard.kind, heard.text, heard.sender_id, heard.sender_name) == (
            "text",
            "报工 WO-1001 5",
            "0147",
            "李雷",
        )
        assert heard.tenant == f"{CORP_ID}:{house.cloud.robot_code}"
        assert (heard.chat_kind, heard.chat_title) == ("group", "三号线")
        answer = an_answer(heard, Card(title="报工成功", lines=("良 5",)), mentions=("0147",))
        assert isinstance(await house.platform.send(answer), Delivered)
        (post,) = house.shown()
        assert post.mentions == ("li",)
        assert post.body["text"].startswith("#### 报工成功")
        assert "@李雷" in post.body["text"]
        assert house.cloud.recorder.payloads("dingtalk.token") == []
        assert house.cloud.recorder.rules_broken() == []


async def test_a_direct_message_is_answered_to_the_person_even_after_the_session() -> None:
    async with a_house() as house:
        room = house.world.direct_room("dingtalk", "li").id
        house.world.say("li", room, text="状态")
        heard = await house.ears.next()
        assert (heard.chat_kind, heard.chat_id, heard.sender_id) == ("direct", "0147", "0147")
        assert heard.slot is not None
        house.world.clock.advance(timedelta(hours=2))
        outcome = await house.platform.send(an_answer(heard, Card(lines=("都正常",))))
        assert isinstance(outcome, Delivered)
        assert outcome.provider_id
        assert [post.body["text"] for post in house.shown(room)] == ["都正常"]
        assert house.cloud.recorder.payloads("dingtalk.webhook") == []
        assert house.cloud.recorder.rules_broken() == []


async def test_a_session_that_is_gone_falls_back_to_a_push_in_the_same_send() -> None:
    async with a_house() as house:
        house.world.say("li", "line3", text="状态", mention_bot=True)
        heard = await house.ears.next()
        house.cloud.faults.add("errcode", "dingtalk.webhook", code=300001, times=1)
        outcome = await house.platform.send(an_answer(heard, Card(lines=("好",))))
        assert isinstance(outcome, Delivered)
        assert [post.body["text"] for post in house.shown()] == ["好"]


async def test_a_foreign_webhook_is_never_called() -> None:
    async with a_house() as house:
        house.world.say("li", "line3", text="状态", mention_bot=True)
        heard = await house.ears.next()
        assert heard.slot is not None
        heard.slot.data["webhook"] = "http://127.0.0.1:9/robot/sendBySession?session=x"
        assert isinstance(await house.platform.send(an_answer(heard, Card(lines=("好",)))), Delivered)
        assert len(house.cloud.recorder.payloads("dingtalk.group")) == 1


@pytest.mark.parametrize("quoted", [False, True])
async def test_pictures_come_with_the_message_and_can_be_fetched(*, quoted: bool) -> None:
    async with a_house() as house:
        if quoted:
            photo = house.world.say("han", "line3", images=[PNG])
            house.world.say("li", "line3", text="收料", quote=photo.id, mention_bot=True)
        else:
            house.world.say("li", "line3", text="收料", images=[PNG], mention_bot=True)
        heard = await house.ears.next()
        assert heard.text == "收料"
        (media,) = heard.media
        assert await house.platform.fetch(media) == PNG
        house.cloud.faults.add("status", "dingtalk.file", times=2, status=503)
        with pytest.raises(MediaUnavailable) as failure:
            await house.platform.fetch(media)
        assert failure.value.temporary
        house.cloud.faults.clear()
        house.world.clock.advance(timedelta(days=2))
        with pytest.raises(MediaUnavailable) as failure:
            await house.platform.fetch(media)
        assert not failure.value.temporary


async def test_someone_from_outside_is_heard_but_never_as_a_staff_id() -> None:
    async with a_house() as house:
        house.world.say("guest", "line3", text="hi", mention_bot=True)
        assert (await house.ears.next()).sender_id.startswith("external:")


async def test_a_used_up_month_is_an_event() -> None:
    async with a_house(pushes_per_month=0) as house:
        house.world.say("li", "line3", text="一", mention_bot=True)
        heard = await house.ears.next()
        assert (heard.kind, heard.text) == ("event", "quota_exhausted")
        assert "已用完" in house.platform.health().detail


async def test_health_forgets_the_used_up_month_when_a_message_has_text_again() -> None:
    async with a_house(pushes_per_month=1) as house:
        house.world.say("li", "line3", text="一", mention_bot=True)
        house.world.say("li", "line3", text="二", mention_bot=True)
        await house.ears.next(2)
        assert "已用完" in house.platform.health().detail
        house.world.clock.advance(timedelta(days=40))
        house.world.say("li", "line3", text="三", mention_bot=True)
        await house.ears.next(3)
        assert "已用完" not in house.platform.health().detail


async def post_andon(house: House, **changes: Any) -> str:
    """Show the andon card in the group; return its name there."""
    house.world.say("li", "line3", text="缺料", mention_bot=True)
    heard = await house.ears.next()
    outcome = await house.platform.send(an_answer(heard, ANDON, **changes))
    assert isinstance(outcome, Delivered), outcome
    return outcome.provider_id


async def test_a_pressed_button_is_answered_by_its_own_acknowledgement() -> None:
    async with a_house() as house:
        track = await post_andon(house)
        (post,) = house.shown()
        house.world.click("han", post.id, "1")
        pressed = await house.ears.next(2)
        assert (pressed.kind, pressed.text, pressed.guard) == ("button", "接手 A-7", "A-7:open")
        assert (pressed.sender_id, pressed.card_key) == ("0258", "andon:7")
        assert pressed.chat_id == house.ears.heard[0].chat_id
        assert pressed.tenant == house.ears.heard[0].tenant
        assert pressed.slot is not None
        assert pressed.slot.node == "node-1"
        taken = Card(title="三号线缺料", lines=("韩梅梅已接手",), key="andon:7")
        outcome = await house.platform.send(an_answer(pressed, taken, replaces=track))
        assert outcome == Delivered(provider_id=track)
        await eventually(lambda: house.shown()[0].body["text"] == "韩梅梅已接手")
        assert house.shown()[0].body["buttons"] == []
        assert house.cloud.recorder.payloads("dingtalk.card.update") == []
        assert house.cloud.recorder.rules_broken() == []


async def test_an_update_from_elsewhere_rides_on_the_acknowledgement_too() -> None:
    async with a_house() as house:
        track = await post_andon(house)
        house.world.click("han", house.shown()[0].id, "1")
        pressed = await house.ears.next(2)
        taken = Card(title="三号线缺料", lines=("已接手",), key="andon:7")
        announced = replace(an_answer(pressed, taken, replaces=track), slot=None)
        assert await house.platform.send(announced) == Delivered(provider_id=track)
        await eventually(lambda: house.shown()[0].body["text"] == "已接手")
        assert house.cloud.recorder.payloads("dingtalk.card.update") == []


async def test_an_answer_that_is_another_card_is_pushed_and_the_button_acknowledged_empty() -> None:
    async with a_house() as house:
        await post_andon(house)
        house.world.click("han", house.shown()[0].id, "1")
        pressed = await house.ears.next(2)
        assert isinstance(
            await house.platform.send(an_answer(pressed, Card(lines=("按钮已过期",)))), Delivered
        )
        assert [post.body["text"] for post in house.shown()][1:] == ["按钮已过期"]
        await eventually(lambda: house.platform.counters["acknowledged"] == 2)
        assert house.shown()[0].version == 1


async def test_too_late_for_the_acknowledgement_the_card_is_updated_by_a_call() -> None:
    async with a_house() as house:
        track = await post_andon(house)
        house.world.click("han", house.shown()[0].id, "1")
        pressed = await house.ears.next(2)
        await eventually(lambda: house.platform.counters["acknowledged"] == 2)
        taken = Card(title="三号线缺料", lines=("已接手",), key="andon:7")
        assert await house.platform.send(an_answer(pressed, taken)) == Delivered(provider_id=track)
        assert house.shown()[0].body["text"] == "已接手"
        assert len(house.cloud.recorder.payloads("dingtalk.card.create")) == 1


async def test_a_card_is_posted_once_though_its_answer_was_lost() -> None:
    async with a_house() as house:
        house.world.say("li", "line3", text="缺料", mention_bot=True)
        out = an_answer(await house.ears.next(), ANDON)
        house.cloud.faults.add("lost", "dingtalk.card.create", times=1)
        lost = await house.platform.send(out)
        assert isinstance(lost, Unknown)
        assert lost.keyed
        assert isinstance(await house.platform.send(out), Delivered)
        assert len(house.shown()) == 1


async def test_where_cards_are_refused_the_button_is_a_sentence() -> None:
    async with a_house(config={"card_template_id": "gone.schema"}) as house:
        assert await post_andon(house) == ""
        (post,) = house.shown()
        assert post.kind == "markdown"
        assert "1. 接手 → 请 @我 说「接手 A-7」" in post.body["text"]


async def test_a_picture_goes_inside_the_answer(tmp_path: Path) -> None:
    (tmp_path / "ab12").write_bytes(PNG)
    async with a_house(media_path=lambda name: tmp_path / name) as house:
        house.world.say("li", "line3", text="图", mention_bot=True)
        heard = await house.ears.next()
        table = Table(header=("料号", "数量"), rows=(("R_0402_10K", "50"),))
        for image in ("ab12", "ab12", "none"):
            card = Card(lines=("看",), table=table, image=image)
            assert isinstance(await house.platform.send(an_answer(heard, card)), Delivered)
        first, second, third = (post.body["text"] for post in house.shown())
        assert "(media:" in first
        assert first == second
        assert "（图片没有传上去）" in third
        assert len(house.cloud.recorder.payloads("dingtalk.upload")) == 1


async def test_a_file_is_uploaded_and_sent() -> None:
    async with a_house() as house:
        house.world.say("li", "line3", text="日报", mention_bot=True)
        out = an_answer(await house.ears.next(), Card(lines=("日报",)))
        assert isinstance(await house.platform.send_file(out, name="日报.xlsx", data=b"PK.."), Delivered)
        assert isinstance(await house.platform.send_file(out, name="x.exe", data=b"MZ"), Refused)
        assert [post.body["name"] for post in house.shown()] == ["日报.xlsx"]


async def test_an_expired_token_is_renewed_within_the_send() -> None:
    async with a_house() as house:
        house.world.say("li", "line3", text="状态", mention_bot=True)
        heard = await house.ears.next()
        push = an_answer(heard, Card(lines=("一",)), chat_id=heard.chat_id)
        house.world.clock.advance(timedelta(hours=3))
        assert isinstance(await house.platform.send(push), Delivered)
        house.cloud.tokens.revoke()
        assert isinstance(await house.platform.send(push), Delivered)
        assert len(house.cloud.recorder.payloads("dingtalk.token")) == 2


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "errcode", "code": 130101}, Retry),
        ({"kind": "html", "status": 403}, Retry),
        ({"kind": "lost"}, Unknown),
        ({"kind": "reset"}, Unknown),
        ({"kind": "errcode", "code": 430101}, Refused),
    ],
)
async def test_trouble_on_the_way_out_is_said_as_it_is(fault: dict[str, Any], expected: type) -> None:
    async with a_house() as house:
        house.world.say("li", "line3", text="状态", mention_bot=True)
        heard = await house.ears.next()
        house.cloud.faults.add(door="dingtalk.webhook", times=1, **fault)
        assert isinstance(await house.platform.send(an_answer(heard, Card(lines=("一",)))), expected)


async def test_stopped_is_stopped() -> None:
    async with a_house() as house:
        await house.platform.stop()
        assert house.running.done()
        assert house.platform.health().state is State.STOPPED
        assert house.cloud.connected == 0
