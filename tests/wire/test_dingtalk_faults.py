"""Our DingTalk stream when everything around it breaks: none of the faults of the vendor's loop is here."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.platforms.base import State
from bot.sandbox.faults import Faults
from notifier.card import Card
from notifier.delivery import Delivered
from tests.wire.dingtalk_house import FAST, House, a_house, an_answer
from tests.wire.dingtalk_probe import eventually


def opened(house: House) -> int:
    """How often a connection was asked for."""
    return len(house.cloud.recorder.payloads("dingtalk.open"))


async def hears(house: House, text: str = "状态") -> None:
    """Say something and wait until it is heard, exactly once."""
    before = len(house.ears.heard)
    house.world.say("li", "line3", text=text, mention_bot=True)
    assert (await house.ears.next(before + 1)).text == text


async def test_a_storm_of_clean_closes_is_no_storm_of_openings() -> None:
    faults = Faults()
    storm = faults.add("close", "dingtalk.socket", code=1000)
    slow = replace(FAST, backoff_first=0.2, backoff_most=2.0, stable=30.0)
    async with a_house(faults=faults, timings=slow, wait=False) as house:
        await asyncio.sleep(1.5)  # the time in which openings are counted
        assert 2 <= opened(house) <= 20
        faults.remove(storm)
        await house.connected()
        await hears(house)


@pytest.mark.parametrize("way", ["close", "cut", "half_open"])
async def test_a_broken_socket_is_replaced_and_the_message_comes_again(way: Any) -> None:
    async with a_house(redeliver_robot=(0.3,) * 60) as house:  # until it is acknowledged, however late
        house.cloud.faults.add(way, "dingtalk.push.robot", times=1)
        await hears(house)
        assert house.platform.health().reconnects == 1
        assert len(house.ears.heard) == 1


async def test_a_half_open_socket_is_noticed_by_its_missing_pongs() -> None:
    async with a_house() as house:
        house.cloud.silence_sockets()
        await eventually(lambda: house.platform.health().reconnects == 1)
        await hears(house)


async def test_a_zombie_that_only_answers_pings_is_replaced_before_it_is_closed() -> None:
    async with a_house(timings=replace(FAST, idle=0.4)) as house:
        await eventually(lambda: house.cloud.connected == 2)
        await hears(house)
        assert opened(house) >= 2


async def test_a_hanging_or_failing_gateway_freezes_nothing_and_is_asked_again() -> None:
    faults = Faults()
    faults.add("hang", "dingtalk.open", times=1)
    faults.add("html", "dingtalk.open", times=1, status=200)
    faults.add("status", "dingtalk.open", times=1, status=503)
    faults.add("reset", "dingtalk.open", times=1)
    faults.add("status", "dingtalk.open", times=1, status=200, text='{"endpoint": 5, "ticket": null}')
    faults.add("status", "dingtalk.connect", times=1, status=503)
    async with a_house(faults=faults, wait=False) as house:
        await house.until(State.READY)
        assert opened(house) == 7
        await hears(house)


async def test_a_disconnect_frame_opens_the_replacement_first_and_loses_nothing() -> None:
    unhurried = replace(FAST, stable=0.0)  # and nothing is pushed again while the journal is made to wait
    async with a_house(timings=unhurried, drop_seconds=5.0, redeliver_robot=()) as house:
        house.ears.slow = True
        house.world.say("li", "line3", text="在途", mention_bot=True)
        await eventually(lambda: house.ears.asked)
        house.cloud.disconnect()
        await eventually(lambda: len(house.cloud.courier.sockets) == 2)
        house.ears.go.set()
        await house.ears.next()
        await eventually(lambda: house.platform.counters.get("acknowledged") == 1)
        await eventually(lambda: len(house.cloud.courier.sockets) == 1)
        await hears(house, "之后")
        assert house.ears.repeated == []
        assert house.cloud.recorder.rules_broken() == []


async def test_wrong_credentials_are_said_clearly_and_retried_slowly() -> None:
    wrong = {"client_secret": SecretStr("not-the-secret-5f3a")}
    slow = replace(FAST, refused_first=30.0, refused_most=300.0)
    with capture_logs() as logs:
        async with a_house(config=wrong, timings=slow, wait=False) as house:
            await house.until(State.REFUSED)
            await asyncio.sleep(0.3)  # the time in which a storm would show
            detail = house.platform.health().detail
            assert opened(house) == 1
    assert "BANZHANG_DINGTALK_CLIENT_SECRET" in detail
    assert "钉钉拒绝了应用凭证" in detail
    assert "refused the credentials" in detail
    assert "not-the-secret-5f3a" not in detail + repr(logs)


async def test_credentials_that_become_right_are_taken() -> None:
    faults = Faults()
    faults.add("refuse", "dingtalk.open", times=2)
    async with a_house(faults=faults, wait=False) as house:
        await house.until(State.READY)
        assert opened(house) == 3


async def test_what_cannot_be_journalled_is_tried_again_here_without_being_pushed_again() -> None:
    async with a_house(redeliver_robot=()) as house:
        house.ears.broken = 2
        await hears(house)
        await eventually(lambda: house.platform.counters.get("acknowledged") == 1)


async def test_what_could_not_be_journalled_is_not_acknowledged_and_comes_again() -> None:
    async with a_house(timings=replace(FAST, journal=())) as house:
        house.ears.broken = 2
        await hears(house)
        counters = house.platform.counters
        assert counters["not_journalled"] == 2
        await eventually(lambda: house.platform.counters.get("acknowledged") == 1)


@pytest.mark.parametrize("way", ["redeliver", "redeliver_new", "duplicate", "deaf"])
@pytest.mark.parametrize("new_id", [False, True])
async def test_a_redelivery_is_the_same_message_whatever_its_push_is_called(
    way: Any, *, new_id: bool
) -> None:
    async with a_house(redeliver_new_id=new_id) as house:
        house.cloud.faults.add(way, "dingtalk.push.robot", times=1)
        await hears(house)
        await eventually(lambda: len(house.ears.repeated) == 1)
        assert len(house.ears.heard) == 1
        assert house.ears.repeated[0].message_id == house.ears.heard[0].message_id


async def test_two_presses_are_two_messages_and_a_redelivered_press_is_one() -> None:
    async with a_house(redeliver_card=(0.3,)) as house:
        house.cloud.faults.add("deaf", "dingtalk.push.card", times=1)
        await hears(house)
        card = json.loads('{"title": "t", "buttons": [{"text": "接", "say": "接手"}]}')
        out = an_answer(house.ears.heard[0], Card.from_json(card))
        assert isinstance(await house.platform.send(out), Delivered)
        post = house.shown()[0]
        house.world.click("li", post.id, "1")
        await eventually(lambda: len(house.ears.repeated) == 1)
        assert len(house.ears.heard) == 2
        house.world.click("li", post.id, "1")
        await house.ears.next(3)


async def test_frames_that_are_none_are_skipped_on_a_socket_that_stays() -> None:
    async with a_house() as house:
        for raw in (
            "no JSON {",
            "[]",
            "{}",
            '{"type":"CALLBACK"}',
            "\x00",
            "[" * 500,
            '{"type":"EVENT"}',
        ):
            house.cloud.send_raw(raw)
        head = {"messageId": "m1", "topic": "/v1.0/im/bot/messages/get"}
        for data in ("", "x", "[]", "{}", '{"msgtype": 5}', None, 7):
            house.cloud.send_raw(json.dumps({"type": "CALLBACK", "headers": head, "data": data}))
        await hears(house)
        assert await house.cloud.ping()
        assert house.platform.health().reconnects == 0


async def test_acknowledgements_are_what_the_protocol_wants() -> None:
    async with a_house() as house:
        assert await house.cloud.ping()
        await hears(house)
        head = {"messageId": "m-unknown", "topic": "/v1.0/graph/api/invoke"}
        house.cloud.send_raw(json.dumps({"type": "CALLBACK", "headers": head, "data": "{}"}))
        sent = house.cloud.recorder.payloads
        await eventually(lambda: [ack["code"] for ack in sent("dingtalk.stream")].count(404) == 1)
        acks = sent("dingtalk.stream")
        assert json.loads(acks[1]["data"]) == {"response": None}
        assert acks[-1]["headers"]["messageId"] == "m-unknown"


async def test_stopping_finishes_what_is_in_hand_and_acknowledges_it() -> None:
    async with a_house() as house:
        house.ears.slow = True
        house.world.say("li", "line3", text="最后", mention_bot=True)
        await eventually(lambda: house.ears.asked)
        stopping = asyncio.create_task(house.platform.stop())
        await asyncio.sleep(0)  # stopping begins while the journal still works
        house.ears.go.set()
        await stopping
        assert [heard.text for heard in house.ears.heard] == ["最后"]
        await eventually(lambda: house.cloud.recorder.payloads("dingtalk.stream"))


async def test_a_stop_is_quick_wherever_it_falls() -> None:
    faults = Faults()
    faults.add("hang", "dingtalk.open")
    async with a_house(faults=faults, wait=False, timings=replace(FAST, open=30.0)) as house:
        await eventually(lambda: opened(house) == 1)
        await asyncio.wait_for(house.platform.stop(), 5.0)  # what is promised; an opening may take 30 s
        assert house.running.done()


async def test_a_cancelled_run_closes_its_sockets() -> None:
    async with a_house() as house:
        house.running.cancel()
        await asyncio.wait({house.running}, timeout=5)
        assert house.running.cancelled()
        await house.connected(0)


async def test_a_burst_is_heard_in_the_order_in_which_it_was_said() -> None:
    calm = replace(FAST, crowded=10.0)
    async with a_house(timings=calm, redeliver_robot=()) as house:
        for number in range(600):
            house.world.say("li", "line3", text=f"第 {number}", mention_bot=True)
        await eventually(lambda: len(house.ears.heard) == 600)
        assert [heard.text for heard in house.ears.heard] == [f"第 {number}" for number in range(600)]


async def test_when_the_journal_hangs_frames_beyond_the_bound_are_refused_not_piled_up() -> None:
    waits_longer_than_a_dead_socket = replace(FAST, in_hand=8, crowded=1.0)
    async with a_house(redeliver_robot=(), timings=waits_longer_than_a_dead_socket) as house:
        house.ears.slow = True
        for number in range(10):
            house.world.say("li", "line3", text=f"第 {number}", mention_bot=True)
        await eventually(lambda: house.platform.counters.get("crowded") == 2)
        assert house.platform.health().reconnects == 0
        house.ears.go.set()
        await eventually(lambda: len(house.ears.heard) == 8)


async def test_an_old_socket_is_not_closed_over_what_there_was_no_room_for() -> None:
    crowded = replace(FAST, in_hand=1, crowded=5.0, idle=0.2, stable=0.0, retire=0.05)
    async with a_house(redeliver_robot=(), timings=crowded) as house:
        house.ears.slow = True
        for number in range(3):
            house.world.say("li", "line3", text=f"第 {number}", mention_bot=True)
        await eventually(lambda: house.platform.health().reconnects >= 1)
        await asyncio.sleep(0.2)  # longer than an old socket is read where there is room
        house.ears.go.set()
        await eventually(lambda: len(house.ears.heard) == 3)


async def test_many_replacements_in_a_row_leave_one_socket() -> None:
    async with a_house(timings=replace(FAST, stable=0.0, retire=1.0)) as house:
        for count in range(1, 6):
            house.cloud.disconnect()
            await eventually(lambda count=count: house.platform.health().reconnects == count)  # type: ignore[misc]
        await hears(house)
        await eventually(lambda: len(house.cloud.courier.sockets) == 1)
        assert house.platform.health().state is State.READY
        assert "heard=1" in house.platform.health().detail


async def test_a_stop_while_an_old_socket_is_on_its_way_out_leaves_nothing_behind() -> None:
    async with a_house(timings=replace(FAST, stable=0.0, retire=30.0), drop_seconds=60.0) as house:
        house.cloud.disconnect()
        await eventually(lambda: len(house.cloud.courier.sockets) == 2)
        await house.platform.stop()
        await eventually(lambda: len(house.cloud.courier.sockets) == 0)
        names = [getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()]
        assert [name for name in names if name.startswith(("Link.", "Stream.", "Desk."))] == []
