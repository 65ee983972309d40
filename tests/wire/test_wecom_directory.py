"""WeCom's directory over the wire: by department, by bare ids, and nothing where a part is missing."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.contacts import change_of
from bot.platforms.base import DirectoryUnavailable, Incoming
from bot.platforms.http import new_client
from bot.platforms.wecom.app.api import Api
from bot.platforms.wecom.app.config import AppConfig
from bot.platforms.wecom.app.directory import Contacts, member_of
from bot.sandbox import staff
from bot.sandbox.town import Resident
from bot.sandbox.wecom import WeComCloud
from bot.sandbox.world import World
from domain.clock import SystemClock
from domain.models.directory import DirectoryChange


class Reading(SimpleNamespace):
    """A cloud with people in it, a reader by app, one by ids, and how long they have slept."""

    cloud: WeComCloud
    world: World
    contacts: Contacts
    by_ids: Contacts
    slept: list[float]


@pytest.fixture
async def reading() -> AsyncIterator[Reading]:
    world = World(clock=SystemClock())
    for number, department in enumerate(("仓库", "仓库", "采购部", "")):
        world.add_resident(
            Resident(
                id=str(number),
                name=f"人{number}",
                department=department,
                title="职员",
                wecom_user_id=f"User{number}",
            )
        )
    world.add_resident(Resident(id="9", name="不在", dingtalk_user_id="only"))
    async with WeComCloud(world) as cloud, new_client() as http:
        config = AppConfig(
            corp_id=cloud.app.corp_id,
            agent_id=cloud.app.agent_id,
            secret=SecretStr(cloud.app.secret),
            api_url=cloud.http_url,
        )
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        api = Api(config, http=http, clock=world.clock)
        yield Reading(
            cloud=cloud,
            world=world,
            contacts=Contacts(api, sleep=sleep),
            by_ids=Contacts(api, ids=True, sleep=sleep),
            slept=slept,
        )
        assert cloud.recorder.violations == []


async def test_every_department_is_walked_and_user_ids_are_kept_small(reading: Reading) -> None:
    reading.cloud.app.contacts.extra["0"] = {"工号": "1009"}
    found = await reading.contacts.directory()
    people = {it.user_id: it for it in found.people}
    assert sorted(people) == ["user0", "user1", "user2", "user3"]
    assert (people["user0"].extra, people["user0"].title) == ({"工号": "1009"}, "职员")
    assert found.department_names(people["user2"]) == ("采购部", staff.ROOT_NAME)


async def test_where_names_may_not_be_seen_ids_are_enough(reading: Reading) -> None:
    reading.cloud.app.contacts.lacking |= {"app.departments", "app.users"}
    found = await reading.contacts.directory()
    assert sorted(it.user_id for it in found.people) == ["user0", "user1", "user2", "user3"]
    assert {unit.name for unit in found.departments} == {""}


async def test_where_nothing_may_be_seen_the_permission_is_named(reading: Reading) -> None:
    reading.cloud.app.contacts.lacking |= {"app.departments", "app.department_ids"}
    with pytest.raises(DirectoryUnavailable, match="60011") as refused:
        await reading.contacts.directory()
    assert not refused.value.temporary


async def test_an_untrusted_ip_is_named_and_not_tried_again(reading: Reading) -> None:
    reading.cloud.app.counter.trusted = False
    with pytest.raises(DirectoryUnavailable, match=r"127\.0\.0\.1"):
        await reading.contacts.directory()
    assert reading.slept == []


async def test_ids_come_by_cursor_without_names(reading: Reading) -> None:
    reading.cloud.app.contacts.page = 3
    found = await reading.by_ids.directory()
    assert [(it.user_id, it.name) for it in found.people] == [(f"user{n}", "") for n in range(4)]
    assert len(reading.cloud.recorder.payloads("wecom.app.user_ids")) == 2
    assert await reading.by_ids.member("user3") is not None
    assert await reading.by_ids.member("nobody") is None


async def test_one_account_is_read_and_one_that_is_gone_is_nobody(reading: Reading) -> None:
    found = await reading.contacts.member("user1")
    assert found is not None
    assert found.name == "人1"
    staff.depart(reading.world, "1", quietly=True)
    assert await reading.contacts.member("user1") is None


async def test_an_account_out_of_range_is_not_gone(reading: Reading) -> None:
    reading.cloud.app.contacts.visible = {"仓库"}
    assert {it.user_id for it in (await reading.contacts.directory()).people} == {"user0", "user1"}
    with pytest.raises(DirectoryUnavailable):
        await reading.contacts.member("user2")


@pytest.mark.parametrize("kind", ["html", "reset", "throttle"])
async def test_a_department_that_never_answers_is_no_directory(reading: Reading, kind: Any) -> None:
    reading.cloud.faults.add(kind, "wecom.app.users", skip=1, seconds=60.0, status=502)
    with pytest.raises(DirectoryUnavailable) as lost:
        await reading.contacts.directory()
    assert lost.value.temporary
    assert len(reading.slept) == 3


async def test_what_passes_is_waited_for(reading: Reading) -> None:
    reading.cloud.faults.add("errcode", "wecom.app.users", times=1, code=-1)
    reading.cloud.faults.add("token", "wecom.app.departments", times=1)
    assert len((await reading.contacts.directory()).people) == 4
    assert reading.slept == [1.0]


@pytest.mark.parametrize("status", [2, 5])
def test_who_is_disabled_or_has_left_is_not_active(status: int) -> None:
    found = member_of({"userid": "A", "status": status})
    assert found is not None
    assert not found.active


def test_anything_may_be_missing_from_an_account() -> None:
    assert member_of({}) is None
    found = member_of({"userid": "A", "extattr": {"attrs": [{"name": "工号", "value": "7"}, "x"]}})
    assert found is not None
    assert (found.extra, found.active) == ({"工号": "7"}, True)


EVENTS: list[tuple[dict[str, Any], DirectoryChange | None]] = [
    (
        {"ChangeType": "delete_user", "UserID": "ZhangSan"},
        DirectoryChange(kind="left", user_ids=("zhangsan",)),
    ),
    ({"ChangeType": "create_user", "UserID": "a"}, DirectoryChange(kind="changed", user_ids=("a",))),
    ({"ChangeType": "update_user", "UserID": "a"}, DirectoryChange(kind="changed", user_ids=("a",))),
    (
        {"ChangeType": "update_user", "UserID": "a", "Status": "5"},
        DirectoryChange(kind="left", user_ids=("a",)),
    ),
    (
        {"ChangeType": "update_user", "UserID": "a", "NewUserID": "b"},
        DirectoryChange(kind="departments"),
    ),
    ({"ChangeType": "update_party", "Id": "2"}, DirectoryChange(kind="departments")),
    ({"ChangeType": "update_tag"}, None),
]


@pytest.mark.parametrize(("fields", "change"), EVENTS)
def test_an_event_says_who_it_is_about(fields: dict[str, Any], change: object) -> None:
    heard = Incoming(
        platform="wecom",
        tenant="t",
        message_id="m",
        kind="event",
        chat_id="",
        chat_kind="direct",
        sender_id="sys",
        text="change_contact",
        raw={"event": fields},
    )
    assert change_of(heard) == change
