"""What WeCom knows by its content is said again in the same words; by any other door it is marked 重发."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.platforms.base import Incoming
from bot.platforms.wecom import WeComConfig
from bot.platforms.wecom.called.calls import Calls
from bot.platforms.wecom.called.voice import CallVoice
from bot.platforms.wecom.doors import APP_DOOR
from domain.clock import FixedClock
from domain.ids import IdMaker
from notifier.card import Card
from notifier.delivery import Delivered, Outgoing, ReplySlot, Retry, Unknown
from notifier.metering import Meter, speaking_to
from tests.wire.wecom_app_house import AppHouse, app_town, confirm_card
from tests.wire.wecom_called import Beside
from tests.wire.wecom_house import housed
from tests.wire.wecom_rig import rigged

NUMBERED = Card(title="已报工", number=17)


@pytest.fixture
async def house(clock: FixedClock, tmp_path: Path) -> AsyncIterator[AppHouse]:
    """Run the town; nothing may break a rule of the wire."""
    async with app_town(clock, tmp_path) as house:
        yield house
        assert house.broken == []


def new_id(clock: FixedClock) -> int:
    """Return an id that was made now."""
    return IdMaker(milliseconds=lambda: round(clock.now().timestamp() * 1000))()


def fresh(house: AppHouse, card: Card, **more: Any) -> Outgoing:
    """Return a message to somebody, made now."""
    return replace(house.push(card, **more), id=new_id(house.clock))


@pytest.mark.parametrize("card", [NUMBERED, confirm_card()])
@pytest.mark.parametrize(("hours", "shown"), [(0, 1), (5, 2)])
async def test_while_wecom_drops_a_second_one_it_is_said_in_the_same_words(
    house: AppHouse, card: Card, hours: int, shown: int
) -> None:
    """The node that had said it was killed; after four hours only a mark is left."""
    first = fresh(house, card)
    await house.door.send(first)
    house.clock.advance(timedelta(hours=hours))
    await house.door.send(replace(first, repeat=1, known_at=APP_DOOR))
    assert len(house.posts) == shown
    marked = ["重发" in f"{post.body.get('title')}{post.body.get('text')}" for post in house.posts]
    assert marked == [False, True][:shown]


async def test_what_no_key_protects_is_marked_however_it_was_said_before(house: AppHouse) -> None:
    await house.door.send(fresh(house, Card(title="好"), known_at=APP_DOOR))
    assert house.said == [("text", "（重发）好")]


async def test_the_doubt_names_the_door_that_knows_the_message(house: AppHouse) -> None:
    house.cloud.faults.add("lost", "wecom.app.send", times=1)
    outcome = await house.door.send(fresh(house, NUMBERED))
    assert isinstance(outcome, Unknown)
    assert (outcome.keyed, outcome.door) == (True, "app#0")


async def test_a_marked_repeat_that_is_doubtful_stays_marked(house: AppHouse) -> None:
    """It was offered on its call before a kill; what the app may know is the marked one."""
    house.cloud.faults.add("lost", "wecom.app.send", times=1)
    out = fresh(house, NUMBERED, repeat=1)
    outcome = await house.door.send(out)
    assert isinstance(outcome, Unknown)
    await house.door.send(replace(out, repeat=2, known_at=outcome.door))
    ((_kind, text),) = house.said
    assert "重发" in text


async def test_only_what_was_pushed_in_the_apps_own_chat_is_known_there(
    clock: FixedClock, tmp_path: Path
) -> None:
    app = Beside("app", clock)
    slot = ReplySlot(kind="app_call", deadline=clock.now())
    async with rigged(clock) as rig, housed(rig, tmp_path, app=app) as house:
        out = Outgoing(id=1, key="o", chat_id="app:li", chat_kind="direct", card=NUMBERED, repeat=1)
        for one in (out, replace(out, slot=slot), replace(out, repeat=0), replace(out, chat_id="LiGong")):
            assert isinstance(await house.platform.send(one), Delivered)
    assert [it.known_at for it in app.said] == [APP_DOOR, "", "", ""]


async def test_by_the_line_it_is_a_repeat_of_what_the_app_may_have_said(
    clock: FixedClock, tmp_path: Path
) -> None:
    async with rigged(clock) as rig, housed(rig, tmp_path) as house:
        rig.ask_bot("WO-1 到哪了")
        heard = await house.heard()
        await house.platform.send(replace(house.answer(heard, "在焊接"), known_at=APP_DOOR))
        ((_kind, text),) = rig.said
    assert "重发" in text


async def test_what_was_under_way_is_refused_by_the_same_limit(house: AppHouse) -> None:
    """Ten at once meet one limit: that is a minute, not an hour."""
    house.cloud.faults.add("errcode", "wecom.app.send", code=45009, times=10)
    outcomes = await asyncio.gather(*(house.door.send(house.push("好", key=f"k{n}")) for n in range(10)))
    assert {it.after for it in outcomes if isinstance(it, Retry)} == {60.0}


async def test_an_answer_on_the_call_is_metered(house: AppHouse) -> None:
    meter = Meter()

    async def answers(incoming: Incoming) -> None:
        with speaking_to(meter, platform="wecom", chat_key="wecom:app:ligong"):
            await house.door.send(house.answer(incoming, "已报工 50"))

    house.answers = answers
    house.world.say("li", house.room.id, text="报工 WO-1 50")
    await house.heard()
    await house.quiet()
    assert [(it.use, count) for it, count in meter.take().items()] == [("session", 1)]


@pytest.mark.parametrize("errcode", ["oops", None, [], True])
async def test_a_code_that_is_none_leaves_it_unknown(clock: FixedClock, errcode: Any) -> None:
    """A gateway answered in the place of the response_url."""
    answers = httpx.MockTransport(lambda _request: httpx.Response(200, json={"errcode": errcode}))
    data = {
        "call": "c",
        "url": "https://wecom.example/cgi-bin/aibot/response?response_code=x",
        "what": "message",
    }
    slot = ReplySlot(kind="callback", deadline=clock.now() + timedelta(hours=1), node="other", data=data)
    async with httpx.AsyncClient(transport=answers) as http:
        config = WeComConfig(api_url="https://wecom.example")
        voice = CallVoice(Calls(), config=config, http=http, clock=clock, node="n1", media_path=None)
        out = Outgoing(id=1, key="o", chat_id="g", chat_kind="group", card=NUMBERED, slot=slot)
        assert isinstance(await voice.answer(out), Unknown)
