"""The self-built app speaks: messages, cards changed in place, files, and everything that may go wrong."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.platforms.base import Incoming, State
from bot.platforms.wecom.app import ids, menu
from domain.clock import FixedClock
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Refused, Retry, Unknown
from tests.wire.wecom_app_house import Answer, AppHouse, app_town, confirm_card
from tests.wire.wecom_server import until

NUMBERED = Card(title="已报工", number=17)


@pytest.fixture
async def house(clock: FixedClock, tmp_path: Path) -> AsyncIterator[AppHouse]:
    """Run the town; nothing may break a rule of the wire."""
    async with app_town(clock, tmp_path) as house:
        yield house
        assert house.broken == []


async def pressed(house: AppHouse, card: Card, *, key: str = "o-card") -> None:
    """Let the app send a card and 李工 press its first button."""
    await house.door.send(house.push(card, key=key))
    post = house.posts[-1]
    house.world.click("li", post.id, post.body["buttons"][0]["key"])
    await house.heard()


async def test_a_text_goes_to_one_person(house: AppHouse) -> None:
    outcome = await house.door.send(house.push(Card(title="开早会", lines=("三号车间",))))
    assert isinstance(outcome, Delivered)
    assert house.said == [("text", "开早会\n三号车间")]


async def test_ten_at_once_fetch_one_token(house: AppHouse) -> None:
    fresh = house.another()
    await asyncio.gather(*(fresh.send(house.push("好", key=f"k{n}")) for n in range(10)))
    await fresh.stop()
    assert len(house.asked("app.gettoken")) == 2  # the house's own door, and the fresh one


def saying(house: AppHouse, card: Card | str) -> Answer:
    """Answer with this whatever is heard."""

    async def answers(incoming: Incoming) -> None:
        await house.door.send(house.answer(incoming, card))

    return answers


async def test_a_refused_token_is_renewed_once_and_never_again(house: AppHouse) -> None:
    house.app.counter.revoke()
    assert isinstance(await house.door.send(house.push("好")), Delivered)
    house.cloud.faults.add("token", "wecom.app.send")
    before = len(house.asked("app.gettoken"))
    assert isinstance(await house.door.send(house.push("好")), Retry)
    assert len(house.asked("app.gettoken")) - before <= 1
    assert len(house.asked("app.send")) == 4


async def test_a_pressed_card_changes_on_the_call_itself(house: AppHouse) -> None:
    later = confirm_card(title="异常 A-1 处理中", key="andon-1", buttons=())
    house.answers = saying(house, later)
    await pressed(house, confirm_card(key="andon-1"))
    heard = house.journal[0]
    assert (heard.kind, heard.text, heard.guard) == ("button", "接 A-1", "A-1@1")
    await house.quiet()
    assert [post.body["title"] for post in house.posts] == ["异常 A-1 处理中"]
    assert house.asked("app.update_card") == []


async def test_buttons_whose_time_has_passed_give_way_to_one_word(house: AppHouse) -> None:
    house.answers = saying(house, "A-1 由你处理")
    await pressed(house, confirm_card())
    await house.quiet()
    card, answer = house.posts
    assert [button["text"] for button in card.body["buttons"]] == ["✓ 接"]
    assert answer.body["text"] == "A-1 由你处理"


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_card_is_changed_by_its_code_when_the_call_is_over(
    house: AppHouse, *, restarted: bool
) -> None:
    await pressed(house, confirm_card(key="andon-1"))
    await house.quiet()
    house.clock.advance(timedelta(hours=71))
    door = house.another() if restarted else house.door
    later = confirm_card(title="异常 A-1 已解决", key="andon-1", buttons=())
    outcome = await door.send(house.answer(house.journal[0], later, replaces=""))
    assert isinstance(outcome, Delivered)
    assert house.posts[0].body["buttons"][0]["text"] == "已处理"
    assert len(house.asked("app.update_card")) == 1


async def test_after_three_days_the_answer_is_a_message_of_its_own(house: AppHouse) -> None:
    await pressed(house, confirm_card(key="andon-1"))
    await house.quiet()
    house.clock.advance(timedelta(hours=73))
    await house.door.send(house.answer(house.journal[0], "A-1 由你处理"))
    assert (house.asked("app.update_card"), house.said[-1]) == ([], ("text", "A-1 由你处理"))


async def test_a_new_version_takes_the_place_of_a_card_once(house: AppHouse) -> None:
    sent = await house.door.send(house.push(confirm_card(key="andon-1"), key="o-1"))
    assert isinstance(sent, Delivered)
    second = confirm_card(title="异常 A-1 升级", key="andon-1")
    again = await house.door.send(house.push(second, key="o-2", replaces=sent.provider_id))
    assert [post.body["title"] for post in house.posts] == ["异常 A-1 升级"]
    assert isinstance(again, Delivered)
    third = confirm_card(title="异常 A-1 又升级", key="andon-1")
    await house.door.send(house.push(third, key="o-3", replaces=again.provider_id))
    assert [post.body["title"] for post in house.posts] == ["异常 A-1 升级", "异常 A-1 又升级"]


@pytest.mark.parametrize(
    ("card", "keyed"), [(NUMBERED, True), (confirm_card(), True), (Card(title="好"), False)]
)
async def test_what_can_be_known_again_is_sent_again_without_a_double(
    house: AppHouse, card: Card, *, keyed: bool
) -> None:
    house.cloud.faults.add("lost", "wecom.app.send", times=1)
    out = house.push(card)
    outcome = await house.door.send(out)
    assert isinstance(outcome, Unknown)
    assert outcome.keyed is keyed
    assert isinstance(await house.door.send(out), Delivered)
    assert (len(house.posts), house.app.messages.dropped) == ((1, 1) if keyed else (2, 0))


async def test_two_questions_may_have_the_same_answer(house: AppHouse) -> None:
    for number in range(2):
        await house.door.send(house.push("WO-1 还差 30", key=f"o-{number}"))
    assert len(house.posts) == 2


async def test_a_repeat_says_so_where_no_key_protects(house: AppHouse) -> None:
    await house.door.send(house.push("好", repeat=1))
    assert house.said == [("text", "（重发）\n好")]


async def test_nobody_there_is_final(house: AppHouse) -> None:
    outcome = await house.door.send(house.push("好", chat_id="app:nobody"))
    assert outcome == Refused(reason="接收人都不存在，或不在应用的可见范围里（81013）")


async def test_outside_the_visible_range_is_final(house: AppHouse) -> None:
    house.app.messages.visible = {"wang"}
    assert isinstance(await house.door.send(house.push("好")), Refused)


async def test_an_untrusted_ip_is_named_with_what_to_do_and_waited_for(house: AppHouse) -> None:
    house.app.counter.trusted = False
    outcome = await house.door.send(house.push("好"))
    assert isinstance(outcome, Retry)
    assert "127.0.0.1" in outcome.reason
    assert "企业可信IP" in outcome.reason
    assert outcome.after == 300
    assert "企业可信IP" in house.door.health().detail
    house.app.counter.trusted = True
    await house.door.send(house.push("好"))
    assert house.door.health().detail == ""


async def test_a_limit_lasts_a_minute_and_then_an_hour(house: AppHouse) -> None:
    house.cloud.faults.add("errcode", "wecom.app.send", code=45009, times=2)
    first = await house.door.send(house.push("好"))
    house.clock.advance(timedelta(seconds=61))
    second = await house.door.send(house.push("好"))
    assert [(it.after, it.block) for it in (first, second) if isinstance(it, Retry)] == [
        (60.0, True),
        (3600.0, True),
    ]


async def test_what_wecom_would_drop_silently_waits_here(house: AppHouse) -> None:
    outcomes = [await house.door.send(house.push("好", key=f"k{n}")) for n in range(31)]
    assert isinstance(outcomes[29], Delivered)
    assert isinstance(outcomes[30], Retry)
    assert 0 < (outcomes[30].after or 0) <= 60
    house.clock.advance(timedelta(minutes=1))
    assert isinstance(await house.door.send(house.push("好")), Delivered)


@pytest.mark.parametrize(
    ("fault", "options", "kind"),
    [
        ("reset", {}, Unknown),
        ("html", {"status": 502}, Unknown),
        ("html", {"status": 200}, Retry),
        ("status", {"status": 503}, Retry),
        ("errcode", {"code": -1}, Retry),
        ("errcode", {"code": 40056}, Retry),
        ("errcode", {"code": 48002}, Refused),
        ("errcode", {"code": 987654}, Retry),
        ("throttle", {"seconds": 30}, Retry),
    ],
)
async def test_every_fault_is_what_it_is(
    house: AppHouse, fault: Any, options: dict[str, Any], kind: type[Outcome]
) -> None:
    house.cloud.faults.add(fault, "wecom.app.send", times=1, **options)
    assert isinstance(await house.door.send(house.push("好")), kind)


async def test_a_card_that_is_refused_is_said_in_words(house: AppHouse) -> None:
    house.cloud.faults.add("errcode", "wecom.app.send", code=40058, times=1)
    assert isinstance(await house.door.send(house.push(confirm_card())), Delivered)
    assert house.posts[0].kind == "text"
    assert "接 A-1" in house.said[0][1]


async def test_a_message_is_taken_back(house: AppHouse) -> None:
    sent = await house.door.send(house.push("说错了"))
    assert isinstance(sent, Delivered)
    msgid = ids.read(sent.provider_id).msgid
    assert await house.door.recall(msgid)
    assert house.said == [("text", "（消息已撤回）")]
    house.clock.advance(timedelta(hours=25))
    assert not await house.door.recall(msgid)
    house.cloud.recorder.violations.clear()  # asking too late is what this test does


async def test_the_menu_is_made_read_and_taken_away(house: AppHouse) -> None:
    agent = house.app.agent_id
    await menu.create(house.door.api, agent_id=agent)
    assert await menu.read(house.door.api, agent_id=agent) == menu.entries()
    house.app.scan("li", "WO-1001")
    house.app.tap("li", "谁在等我")
    await house.heard(2)
    assert {heard.text for heard in house.journal} == {"WO-1001", "谁在等我"}
    await menu.delete(house.door.api, agent_id=agent)
    assert house.app.menus.entries == []


async def test_the_addresses_that_call_us_are_told(house: AppHouse) -> None:
    assert "127.0.0.1" in await house.door.callback_ips()


async def test_wrong_credentials_are_refused_slowly_and_leak_nothing(house: AppHouse) -> None:
    wrong = house.another(secret=SecretStr("wrong-secret-of-ours"))
    run = asyncio.create_task(wrong.run())
    await until(lambda: wrong.health().state is State.REFUSED)
    outcome = await wrong.send(house.push("好"))
    assert isinstance(outcome, Retry)
    assert outcome.after == 300
    assert "wrong-secret" not in f"{outcome} {wrong.health()} {wrong!r} {wrong.api!r}"
    await wrong.stop()
    await run


async def test_without_a_connection_nothing_has_left(house: AppHouse) -> None:
    async with httpx.AsyncClient() as http:
        config = replace(house.config, api_url="http://127.0.0.1:9")
        lonely = type(house.door)(config, http=http, hear=house._hear, clock=house.clock, node="n1")
        outcome = await lonely.send(house.push("好"))
        await lonely.stop()
    assert isinstance(outcome, Retry)
    assert "令牌" in outcome.reason
