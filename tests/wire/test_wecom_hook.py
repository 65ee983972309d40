"""Groups spoken to by their webhook: a real @, each kind of message, its limits and its faults."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.platforms.base import MediaRef, MediaUnavailable, State
from bot.platforms.grouphook import GroupHook
from bot.platforms.wecom.webhook import NO_ADDRESS, WebhookDoor
from bot.sandbox.town import Post
from domain.clock import FixedClock
from notifier.card import Button, Card, File, Table
from notifier.delivery import Delivered, Outcome, Outgoing, Refused, Retry, Unknown
from tests.wire.wecom_app_house import GROUP, PHOTO, AppHouse, app_town


class Group:
    """The door, and the group as its people see it."""

    def __init__(self, house: AppHouse, door: WebhookDoor) -> None:
        self.house, self.door = house, door

    async def say(self, card: Card, **more: Any) -> Outcome:
        """Say something in the group."""
        return await self.door.send(
            Outgoing(id=1, key="k", chat_id="hook:wms", chat_kind="group", card=card, **more)
        )

    @property
    def posts(self) -> list[Post]:
        """What stands there."""
        return self.house.world.posts(GROUP, author="bot")


def hooked(house: AppHouse, address: str, files: Path) -> WebhookDoor:
    """Return the door of one group with this address."""
    hook = GroupHook(code="wms", chat_id=GROUP, address=SecretStr(address))
    return WebhookDoor(
        [hook],
        http=house.http,
        clock=house.clock,
        api_url=house.cloud.http_url,
        media_path=lambda name: files / name,
    )


@pytest.fixture(params=["whole", "key"])
async def group(request: pytest.FixtureRequest, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Group]:
    """Run the town with a robot in the group; its address is a whole URL, or its key alone."""
    async with app_town(clock, tmp_path) as house:
        url = house.app.hook_url(GROUP)
        address = url if request.param == "whole" else url.partition("key=")[2]
        yield Group(house, hooked(house, address, tmp_path))
        assert house.broken == []


async def test_who_must_act_is_really_rung(group: Group) -> None:
    outcome = await group.say(Card(title="缺料 A-1", lines=("SMT-1",), tone="bad"), mentions=("LiGong",))
    assert isinstance(outcome, Delivered)
    (post,) = group.posts
    assert post.mentions == ("li",)
    assert post.body["text"] == "🚨 缺料 A-1\nSMT-1 @李工"


async def test_nobody_is_rung_where_nobody_is_named(group: Group) -> None:
    await group.say(Card(title="日报", lines=("良 50",)))
    (post,) = group.posts
    assert (post.kind, post.mentions) == ("markdown", ())
    assert group.house.asked("hook.send")[0]["msgtype"] == "markdown"


async def test_a_table_goes_as_the_newer_markdown(group: Group) -> None:
    table = Table(header=("工单", "剩"), rows=(("WO-1", "30"),))
    await group.say(Card(title="今天还差什么", table=table))
    assert group.house.asked("hook.send")[0]["msgtype"] == "markdown_v2"
    assert "| WO-1 | 30 |" in group.posts[0].body["text"]


async def test_buttons_are_sentences_to_say_to_the_bot(group: Group) -> None:
    await group.say(Card(title="异常 A-1", buttons=(Button(text="接", say="接 A-1"),)), mentions=("LiGong",))
    assert "请 @班长 说其中一句" in group.posts[0].body["text"]


async def test_pictures_and_files_follow(group: Group, tmp_path: Path) -> None:
    (tmp_path / "pic").write_bytes(PHOTO)
    (tmp_path / "sheet").write_bytes(b"a sheet of numbers")
    card = Card(title="日报", image="pic", file=File(media="sheet", name="日报.xlsx"))
    assert isinstance(await group.say(card), Delivered)
    assert [post.kind for post in group.posts] == ["markdown", "image", "file"]
    assert group.house.world.media(group.posts[1].body["media"]) == PHOTO


async def test_a_large_picture_goes_as_a_file(group: Group, tmp_path: Path) -> None:
    (tmp_path / "pic").write_bytes(PHOTO + bytes(3 * 1024 * 1024))
    await group.say(Card(title="看板", image="pic"))
    assert [post.kind for post in group.posts] == ["markdown", "file"]


async def test_twenty_a_minute_and_the_rest_waits(group: Group) -> None:
    for _ in range(20):
        assert isinstance(await group.say(Card(title="好")), Delivered)
    late = await group.say(Card(title="好"))
    assert isinstance(late, Retry)
    assert late.block
    group.house.clock.advance(timedelta(seconds=61))
    assert isinstance(await group.say(Card(title="好")), Delivered)


@pytest.mark.parametrize(
    ("fault", "options", "kind"),
    [
        ("reset", {}, Unknown),
        ("lost", {}, Unknown),
        ("html", {"status": 502}, Unknown),
        ("html", {"status": 200}, Retry),
        ("errcode", {"code": 45009}, Retry),
        ("errcode", {"code": 40058}, Refused),
    ],
)
async def test_every_fault_is_what_it_is(
    group: Group, fault: Any, options: dict[str, Any], kind: type[Outcome]
) -> None:
    group.house.cloud.faults.add(fault, "wecom.hook.send", times=1, **options)
    outcome = await group.say(Card(title="好"))
    assert isinstance(outcome, kind)
    assert not (isinstance(outcome, Unknown) and outcome.keyed)


async def test_a_robot_that_was_removed_is_named_in_health_until_it_is_back(group: Group) -> None:
    keys = group.house.app.hooks.keys
    removed = dict(keys)
    keys.clear()
    assert isinstance(await group.say(Card(title="好")), Refused)
    assert "wms" in group.door.health().detail
    keys.update(removed)
    await group.say(Card(title="好"))
    assert (group.door.health().detail, group.door.health().state) == ("", State.READY)


async def test_a_group_without_an_address_is_refused_and_hears_nothing(group: Group) -> None:
    assert await hooked(group.house, "not a url://", Path()).send(
        Outgoing(id=1, key="k", chat_id="hook:wms", chat_kind="group", card=Card(title="好"))
    ) == Refused(reason=NO_ADDRESS)
    assert (group.door.chat_of(GROUP), group.door.chat_of("wrOther")) == ("hook:wms", "")
    with pytest.raises(MediaUnavailable):
        await group.door.fetch(MediaRef(kind="image", ref={}))


async def test_the_address_shows_nowhere(group: Group) -> None:
    key = next(iter(group.house.app.hooks.keys))
    group.house.cloud.faults.add("errcode", "wecom.hook.send", code=987654, text=f"bad key={key}")
    outcome = await group.say(Card(title="好"))
    assert key not in f"{outcome} {group.door!r} {group.door.health()}"
