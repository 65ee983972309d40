"""DingTalk's directory over the wire: every page, every department in range, or nothing at all."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from bot.contacts import change_of
from bot.platforms.base import DirectoryUnavailable, Incoming
from bot.platforms.dingtalk import DingTalkConfig
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.directory import Contacts, member_of
from bot.platforms.http import new_client
from bot.sandbox import staff
from bot.sandbox.dingtalk import DingTalkCloud, Limits
from bot.sandbox.town import Resident
from bot.sandbox.world import World
from domain.clock import SystemClock
from domain.models.directory import DirectoryChange

CROWD = 230


class Reading(SimpleNamespace):
    """A cloud with people in it, a reader, and how long the reader has slept."""

    cloud: DingTalkCloud
    world: World
    contacts: Contacts
    slept: list[float]


@pytest.fixture
async def reading() -> AsyncIterator[Reading]:
    world = World(clock=SystemClock())
    for number in range(CROWD):
        world.add_resident(
            Resident(
                id=str(number),
                name=f"人{number}",
                department="生产部",
                job_number=str(1000 + number),
                dingtalk_user_id=f"u{number}",
                wecom_user_id=f"U{number}",
            )
        )
    world.add_resident(Resident(id="boss", name="厂长", dingtalk_user_id="boss", title="厂长"))
    world.add_resident(Resident(id="buyer", name="钱立群", department="采购部", wecom_user_id="Buyer"))
    async with DingTalkCloud(world, limits=Limits(ping_seconds=None)) as cloud, new_client() as http:
        config = DingTalkConfig(
            client_id=cloud.client_id,
            client_secret=SecretStr(cloud.client_secret),
            api_url=cloud.url,
            oapi_url=cloud.url,
        )
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            cloud.faults.clear()

        contacts = Contacts(Api(config, http=http, clock=world.clock), sleep=sleep)
        yield Reading(cloud=cloud, world=world, contacts=contacts, slept=slept)
        assert cloud.recorder.violations == []


async def test_every_page_of_every_department_is_read(reading: Reading) -> None:
    found = await reading.contacts.directory()
    people = {it.user_id: it for it in found.people}
    assert len(people) == CROWD + 1
    assert len(reading.cloud.recorder.payloads("dingtalk.members")) == 4, (
        "three pages of 230, one of the boss"
    )
    assert (people["u7"].name, people["u7"].employee_no) == ("人7", "1007")
    assert found.department_names(people["u7"]) == ("生产部", staff.ROOT_NAME)
    assert (people["boss"].employee_no, people["boss"].title) == ("", "厂长")


async def test_only_what_is_in_range_is_asked_for(reading: Reading) -> None:
    reading.cloud.contacts.visible, reading.cloud.contacts.people = {"生产部"}, {"boss"}
    found = await reading.contacts.directory()
    assert len(found.people) == CROWD + 1
    assert [unit.name for unit in found.departments] == ["生产部"]


async def test_one_account_is_read_and_one_that_is_gone_is_nobody(reading: Reading) -> None:
    found = await reading.contacts.member("u7")
    assert found is not None
    assert found.name == "人7"
    staff.depart(reading.world, "7", quietly=True)
    assert await reading.contacts.member("u7") is None


async def test_an_account_out_of_range_is_not_gone(reading: Reading) -> None:
    reading.cloud.contacts.visible = {"采购部"}
    with pytest.raises(DirectoryUnavailable):
        await reading.contacts.member("u7")


@pytest.mark.parametrize(
    ("door", "scope"),
    [
        ("departments", "qyapi_get_department_list"),
        ("members", "qyapi_get_department_member"),
        ("scopes", "qyapi_base"),
    ],
)
async def test_a_missing_permission_is_named(reading: Reading, door: str, scope: str) -> None:
    reading.cloud.lacks(door, scope)
    with pytest.raises(DirectoryUnavailable, match=scope) as refused:
        await reading.contacts.directory()
    assert not refused.value.temporary
    assert reading.slept == [], "only a person can mend that"


async def test_what_passes_is_waited_for(reading: Reading) -> None:
    reading.cloud.faults.add("throttle", "dingtalk.members", times=1, seconds=0.01)
    reading.cloud.faults.add("errcode", "dingtalk.departments", times=1, code=-1)
    assert len((await reading.contacts.directory()).people) == CROWD + 1
    assert len(reading.slept) >= 1


async def test_a_page_that_never_comes_is_no_directory(reading: Reading) -> None:
    async def sleep(seconds: float) -> None:
        reading.slept.append(seconds)

    reading.contacts._sleep = sleep
    reading.cloud.faults.add("html", "dingtalk.members", skip=2, status=502)
    with pytest.raises(DirectoryUnavailable) as lost:
        await reading.contacts.directory()
    assert lost.value.temporary
    assert len(reading.slept) == 3


async def test_a_token_that_died_is_renewed(reading: Reading) -> None:
    await reading.contacts.directory()
    reading.cloud.tokens.revoke()
    assert len((await reading.contacts.directory()).people) == CROWD + 1


async def test_no_reason_holds_a_secret(reading: Reading) -> None:
    reading.cloud.faults.add(
        "errcode", "dingtalk.scopes", code=88, text=f"secret={reading.cloud.client_secret}"
    )
    with pytest.raises(DirectoryUnavailable) as refused:
        await reading.contacts.directory()
    assert reading.cloud.client_secret not in refused.value.reason


EVENTS: list[tuple[str, object, DirectoryChange | None]] = [
    ("user_leave_org", {"userId": ["a", "b"]}, DirectoryChange(kind="left", user_ids=("a", "b"))),
    ("user_leave_org", {"userid": ["a"]}, DirectoryChange(kind="left", user_ids=("a",))),
    ("user_add_org", {"userId": ["a"]}, DirectoryChange(kind="changed", user_ids=("a",))),
    ("user_modify_org", {"userId": "a"}, DirectoryChange(kind="changed", user_ids=("a",))),
    ("org_dept_remove", {"deptId": [7]}, DirectoryChange(kind="departments")),
    ("user_leave_org", {}, DirectoryChange(kind="left", user_ids=())),
    ("quota_exhausted", {}, None),
]


@pytest.mark.parametrize(("text", "raw", "change"), EVENTS)
def test_an_event_says_who_it_is_about(text: str, raw: dict[str, object], change: object) -> None:
    made: Callable[..., Incoming] = Incoming
    heard = made(
        platform="dingtalk",
        tenant="t",
        message_id="m",
        kind="event",
        chat_id="",
        chat_kind="group",
        sender_id="",
        text=text,
        raw=raw,
        sent_at=datetime.fromisoformat("2026-03-02T13:05:00+08:00"),
    )
    assert change_of(heard) == change


def test_anything_may_be_missing_from_an_account() -> None:
    assert member_of({}) is None
    assert member_of("nonsense") is None
    found = member_of({"userid": "a", "dept_id_list": "[1,2]", "job_number": 7, "name": None})
    assert found is not None
    assert (found.departments, found.employee_no, found.name) == (("1", "2"), "7", "")
