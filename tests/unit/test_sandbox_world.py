"""The pretend world itself: posts, history over restarts, changes, faults, alarms, the record."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Faults
from bot.sandbox.recorder import Recorder
from bot.sandbox.town import BOT, Post, Resident, Room
from bot.sandbox.world import World
from domain.clock import FixedClock

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LI = Resident(id="li", name="李雷", dingtalk_user_id="0147", wecom_user_id="lilei")
GROUP = Room(id="line3", platform="dingtalk", kind="group", title="三号线", members=("li",))


class Ear:
    """Remembers what a cloud is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []

    def said(self, *, room: Room, post: Post) -> None:
        self.heard.append(("said", room.id, post.id))

    def clicked(self, *, room: Room, post: Post, resident: Resident, key: str) -> None:
        self.heard.append(("clicked", room.id, post.id, resident.id, key))

    def entered(self, *, room: Room, resident: Resident) -> None:
        self.heard.append(("entered", room.id, resident.id))


def a_world(folder: Path | None = None) -> World:
    return World([LI], [GROUP], clock=FixedClock(NOON), folder=folder)


def test_what_is_said_reaches_the_cloud_of_the_room_and_only_that() -> None:
    world, dingtalk, wecom = a_world(), Ear(), Ear()
    world.join("dingtalk", dingtalk)
    world.join("wecom", wecom)
    post = world.say("li", "line3", text="报工", mention_bot=True, mentions=["li"])
    card = world.bot_post("line3", "card", {"buttons": [{"key": "ack", "text": "接"}]}, tag="t1")
    world.click("li", card.id, "ack")
    world.enter("li", "line3")
    assert post.mentions == (BOT, "li")
    assert dingtalk.heard == [
        ("said", "line3", post.id),
        ("clicked", "line3", card.id, "li", "ack"),
        ("entered", "line3", "li"),
    ]
    assert wecom.heard == []
    with pytest.raises(KeyError):
        world.click("li", card.id, "no such button")


def test_history_survives_a_restart_and_a_torn_last_line(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    photo = world.say("li", "line3", images=[b"\x89PNG"])
    card = world.bot_post("line3", "card", {"text": "开"}, tag="t1", quotes=photo.id)
    world.update_post(card.id, {"text": "完"})
    direct = world.direct_room("dingtalk", "li")
    with (tmp_path / "world.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"post": {"id":')
    again = a_world(tmp_path)
    assert again.posts() == world.posts()
    assert again.media(again.post(photo.id).body["media"]) == b"\x89PNG"
    updated = again.tagged("dingtalk", "t1")
    assert updated is not None
    assert (updated.body, updated.version) == ({"text": "完"}, 2)
    assert again.direct_room("dingtalk", "li") == direct
    again.say("li", "line3", text="later")
    assert [p.id for p in a_world(tmp_path).posts()] == [p.id for p in again.posts()]


async def test_a_page_hears_every_change_until_it_leaves() -> None:
    world = a_world()
    with world.subscribe() as changes:
        world.say("li", "line3", text="x")
        world.notice("无响应", room="line3", resident="li")
        kinds = [(await changes.next()).kind, (await changes.next()).kind]
    world.say("li", "line3", text="y")
    assert kinds == ["post", "notice"]
    assert not world._subscriptions


def test_a_fault_strikes_where_when_and_as_often_as_it_was_told() -> None:
    faults = Faults()
    faults.add("slow", "dingtalk.*", times=2, skip=1, seconds=3)
    assert faults.take("wecom.http") is None
    assert [bool(faults.take("dingtalk.open", "slow", "hang")) for _ in range(4)] == [
        False,
        True,
        True,
        False,
    ]
    faults.add("drop", chance=0.0)
    assert faults.take("dingtalk.push", "drop") is None
    with pytest.raises(ValueError, match="explode"):
        faults.add("explode")  # type: ignore[arg-type]


async def test_alarms_follow_a_clock_that_is_moved() -> None:
    clock = FixedClock(NOON)
    alarms = Alarms(clock)
    alarms.start()
    rung: list[str] = []
    alarms.after(10, lambda: rung.append("ten"))
    alarms.after(5, lambda: rung.append("five"))
    alarms.after(1, lambda: rung.append("never")).cancel()
    clock.advance(timedelta(seconds=6))
    await asyncio.wait_for(alarms.sleep(0), 1)
    assert rung == ["five"]
    waiting = asyncio.create_task(alarms.sleep(4))
    await asyncio.sleep(0)
    clock.advance(timedelta(seconds=4))
    await asyncio.wait_for(waiting, 1)
    assert rung == ["five", "ten"]
    await alarms.stop()


def test_the_record_tells_directions_and_doors_apart() -> None:
    recorder = Recorder(FixedClock(NOON), limit=2)
    recorder.record("in", "a", 1)
    recorder.record("in", "a", 2)
    recorder.record("out", "a", 3, status=200)
    recorder.violate("token", "a", "wrong")
    assert recorder.payloads("a") == [2]
    assert recorder.payloads("a", "out") == [3]
    assert recorder.rules_broken() == ["token"]
