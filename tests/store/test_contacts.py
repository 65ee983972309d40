"""The loop that reads directories: once a night over all nodes, when asked, after events, and again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.contacts import Contacts
from bot.platforms.base import DirectoryReader, DirectoryUnavailable
from bot.rules import Rules
from domain.actions import directory as acts
from domain.clock import FixedClock
from domain.models.directory import Directory, DirectoryChange, Member
from domain.models.journal import JobFire, Outbox
from domain.queries.directory import standings
from domain.queries.people import speaker
from domain.store import directory as store
from domain.store.office import Office
from domain.work import Work
from notifier.act import act
from notifier.budget import Budgets
from notifier.outbox import Dispatcher
from tests.store.test_directory import allow, listed, name_of, new, who

NO_RIGHT = DirectoryUnavailable("没有权限（88）", temporary=False)
AWAY = DirectoryUnavailable("连不上", temporary=True)


@dataclass
class Reader:
    """A directory in memory; `trouble` is what it raises first, `reads` counts whole readings."""

    people: Directory
    trouble: list[DirectoryUnavailable] = field(default_factory=list)
    reads: int = 0

    async def directory(self) -> Directory:
        self.reads += 1
        await asyncio.sleep(0)
        if self.trouble:
            raise self.trouble.pop(0)
        return self.people

    async def member(self, user_id: str) -> Member | None:
        if self.trouble:
            raise self.trouble.pop(0)
        return next((it for it in self.people.people if it.user_id == user_id), None)


@pytest.fixture
def plant(plant: Office, rules: Rules) -> Office:
    """The demo plant, which reads DingTalk's directory."""
    allow(rules, platforms=["dingtalk"])
    return plant


@pytest.fixture
def reader(plant: Office, rules: Rules) -> Reader:
    del plant
    return Reader(listed(rules))


def node(office: Office, reader: DirectoryReader, clock: FixedClock, *, name: str = "n1") -> Contacts:
    async def write(_job: Any) -> Any:
        raise AssertionError("nothing is sent here")

    speechless = Dispatcher(write=write, mouths={}, clock=clock, node=name, budgets=Budgets({}))
    readers = {"dingtalk": reader}
    return Contacts(office=office, readers=readers, dispatcher=speechless, clock=clock, node=name)


def slots(office: Office) -> Sequence[str]:
    query = select(JobFire.slot).where(JobFire.job == "directory:dingtalk").order_by(JobFire.slot)
    return office.read(lambda work: work.session.scalars(query).all()).result()


def told(office: Office) -> list[str]:
    def titles(work: Work) -> list[str]:
        return [it.card["title"] for it in work.session.query(Outbox).order_by(Outbox.id)]

    return office.read(titles).result()


def happens(office: Office, change: DirectoryChange) -> None:
    note = partial(acts.take_note, platform="dingtalk", change=change)
    office.write(lambda work: act(work, note)).result()


def asks(work: Work) -> None:
    work.actor = speaker(work, platform="dingtalk", user_id="linxiaowen") or work.actor
    acts.ask(work, chat_key="dingtalk:linxiaowen")


async def test_a_night_is_read_once_and_the_next_one_again(
    plant: Office, reader: Reader, clock: FixedClock
) -> None:
    contacts = node(plant, reader, clock)
    await contacts.look()
    await contacts.look()
    assert (reader.reads, len(slots(plant))) == (1, 1)
    clock.advance(timedelta(days=1))
    await contacts.look()
    assert (reader.reads, len(slots(plant))) == (2, 2)
    assert told(plant) == [], "nothing to say about it"


async def test_of_two_nodes_one_reads(plant: Office, reader: Reader, clock: FixedClock) -> None:
    first, second = node(plant, reader, clock), node(plant, reader, clock, name="n2")
    await asyncio.gather(first.look(), second.look())
    await second.look()
    assert (reader.reads, len(slots(plant))) == (1, 1)


async def test_what_passes_is_tried_again_later_and_told_once(
    plant: Office, reader: Reader, clock: FixedClock
) -> None:
    reader.trouble = [AWAY, AWAY]
    contacts = node(plant, reader, clock)
    for _second in range(30):
        await contacts.look()
        clock.advance(timedelta(seconds=10))
    assert reader.reads == 3
    assert len(slots(plant)) == 1
    assert told(plant) == ["钉钉通讯录读不到"]
    assert plant.read(standings).result()[0].error == ""


async def test_a_missing_permission_changes_nobody(plant: Office, reader: Reader, clock: FixedClock) -> None:
    reader.trouble = [NO_RIGHT] * 9
    contacts = node(plant, reader, clock)
    await contacts.look()
    assert plant.read(standings).result()[0].error == NO_RIGHT.reason
    assert name_of(plant, "zhangwei") == "张伟"
    assert contacts.at_rest(), "until an hour has passed"


async def test_an_empty_directory_is_said_and_changes_nobody(
    plant: Office, reader: Reader, clock: FixedClock
) -> None:
    reader.people = Directory()
    await node(plant, reader, clock).look()
    assert "一个人也没有" in plant.read(standings).result()[0].error
    assert name_of(plant, "zhangwei") == "张伟"


async def test_whoever_asks_has_it_read_each_time(plant: Office, reader: Reader, clock: FixedClock) -> None:
    contacts = node(plant, reader, clock)
    reader.trouble = [NO_RIGHT]
    for _time in range(2):
        plant.write(asks).result()
        await contacts.look()
    assert (reader.reads, plant.read(store.wanted).result()) == (2, [])
    await contacts.look()
    assert (reader.reads, contacts.at_rest()) == (3, True), "the night's own comes after"


async def test_a_platform_that_nobody_can_read_is_passed_over(
    plant: Office, rules: Rules, reader: Reader, clock: FixedClock
) -> None:
    allow(rules, platforms=["wecom"])
    contacts = node(plant, reader, clock)
    await contacts.look()
    assert (told(plant), contacts.at_rest()) == ([], True)
    plant.write(asks).result()
    await contacts.look()
    assert contacts.at_rest()


async def test_an_event_has_one_account_read(
    plant: Office, rules: Rules, reader: Reader, clock: FixedClock
) -> None:
    contacts = node(plant, reader, clock)
    await contacts.look()
    reader.people = listed(rules, new("wugf", "1008"))
    clock.advance(timedelta(seconds=1))
    happens(plant, DirectoryChange(kind="changed", user_ids=("wugf", "gone")))
    await contacts.look()
    assert name_of(plant, "wugf") == "吴桂芳"
    assert (reader.reads, plant.read(store.wanted).result()) == (1, [])


async def test_who_is_changed_and_not_to_be_found_has_left(
    plant: Office, rules: Rules, reader: Reader, clock: FixedClock
) -> None:
    contacts = node(plant, reader, clock)
    await contacts.look()
    reader.people = listed(rules, without=["zhangwei"])
    clock.advance(timedelta(seconds=1))
    happens(plant, DirectoryChange(kind="changed", user_ids=("zhangwei",)))
    await contacts.look()
    assert who(plant, "zhangwei") is None


async def test_a_department_that_changed_has_all_read(
    plant: Office, reader: Reader, clock: FixedClock
) -> None:
    contacts = node(plant, reader, clock)
    await contacts.look()
    happens(plant, DirectoryChange(kind="departments"))
    await contacts.look()
    assert reader.reads == 2
    assert contacts.at_rest()


async def test_an_account_that_cannot_be_read_is_left_to_the_night(
    plant: Office, reader: Reader, clock: FixedClock
) -> None:
    contacts = node(plant, reader, clock)
    await contacts.look()
    reader.trouble = [AWAY] * 9
    happens(plant, DirectoryChange(kind="changed", user_ids=("zhangwei",)))
    for _hour in range(6):
        await contacts.look()
        clock.advance(timedelta(hours=1))
    assert plant.read(store.wanted).result() == []
    assert name_of(plant, "zhangwei") == "张伟"


async def test_a_reader_that_breaks_does_not_end_the_loop_nor_is_it_asked_every_second(
    plant: Office, reader: Reader, clock: FixedClock
) -> None:
    class Broken(Reader):
        async def directory(self) -> Directory:
            self.reads += 1
            if self.reads == 1:
                raise RuntimeError("a bug")
            return self.people

    happens(plant, DirectoryChange(kind="changed", user_ids=("zhangwei",)))
    contacts = node(plant, broken := Broken(reader.people), clock)
    with capture_logs() as logs:
        await contacts.look()
        await contacts.look()
    assert [it["event"] for it in logs if it["log_level"] == "error"] == ["directory.reading_broke"]
    assert (broken.reads, plant.read(store.wanted).result()) == (1, []), "what comes after it is read"
    assert [len(it) > 0 for it in told(plant)] == [True], "whom it concerns is told"
    clock.advance(timedelta(seconds=61))
    await contacts.look()
    assert (broken.reads, len(slots(plant))) == (2, 1)


async def test_a_look_that_fails_does_not_end_the_loop(
    plant: Office, reader: Reader, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = node(plant, reader, clock)
    looks = iter([True, False])

    async def look() -> None:
        if next(looks):
            raise RuntimeError("the database is away")
        contacts.stop()

    monkeypatch.setattr(contacts, "look", look)
    with capture_logs() as logs:
        await asyncio.wait_for(contacts.run(), 10)
    assert [it["event"] for it in logs] == ["directory.look_failed"]
