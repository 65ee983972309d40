"""A message is journalled and handled in one transaction; whatever its handling does, it stays journalled."""

import asyncio
import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import handling, hear, journal
from bot.bridge import Clerk
from bot.hear import Ear
from bot.meaning import Desk
from bot.media import MediaStore
from bot.steps import Handled, Idle
from bot.vocabulary import Words
from commands.kit import Registry
from commands.kit.offers import OFFERS
from domain.clock import FixedClock
from domain.models.journal import Inbox, InboxState, Outbox
from domain.store import lanes
from domain.store.office import Office
from domain.work import Work
from notifier.budget import Budgets
from notifier.outbox import Dispatcher
from tests.store.test_halves import Bug, spoil
from tests.store.test_hearing import Phone, said, states
from tests.talks.patience import until

NONSENSE = "今天天气怎么样"  # answered in the very transaction: what only asks is read in one of its own


@dataclass
class Faulty(Words):
    """The plant's words, which fail so many times in the middle of a handling; `flush`: and end all of it."""

    times: int = 0
    flush: bool = False
    asked: list[int] = field(default_factory=list)

    def place(self, work: Work, *, chat_key: str) -> tuple[str, str]:
        if self.times > 0:
            self.times -= 1
            self.asked.append(len(self.asked))
            if self.flush:
                spoil(work)
            raise Bug
        return super().place(work, chat_key=chat_key)


class Node:
    """One process: an ear and a mouth on an office that others may use too."""

    def __init__(
        self, office: Office, clock: FixedClock, folder: Path, *, name: str = "n", words: Words | None = None
    ) -> None:
        self.phone = Phone()
        platforms: Any = {"dingtalk": self.phone}
        clerk = Clerk(office)
        self.dispatcher = Dispatcher(
            write=clerk.write,
            write_later=clerk.write_later,
            mouths=platforms,
            clock=clock,
            node=name,
            budgets=Budgets({}),
        )
        no_photos: Any = None
        self.ear = Ear(
            clerk=clerk,
            desk=Desk(
                registry=Registry.discover("commands", choices=OFFERS),
                node=name,
                mouths=("dingtalk",),
                words=words or Words(),
            ),
            dispatcher=self.dispatcher,
            photos=no_photos,
            media=MediaStore(folder),
            platforms=platforms,
        )

    async def rests(self) -> None:
        await until(lambda: self.ear.idle and self.dispatcher.idle, "no rest")


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hear, "CRASH_WAIT_SECONDS", 0)


async def test_who_hears_is_told_when_it_is_done_already(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    node = Node(plant, clock, tmp_path)
    assert await node.ear.hear(said("m1", NONSENSE))
    assert plant.read(states).result() == {"m1": (InboxState.DONE, 0)}
    await node.rests()
    assert not await node.ear.hear(said("m1", NONSENSE))
    await node.rests()
    assert len(node.phone.said) == 1


@pytest.mark.parametrize("flush", [False, True])
async def test_a_handling_that_fails_leaves_the_message_in_the_journal_to_be_handled_again(
    flush: bool,  # noqa: FBT001 (a parameter of the test)
    plant: Office,
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    node = Node(plant, clock, tmp_path, words=Faulty(times=1, flush=flush))
    assert await node.ear.hear(said("m1"))
    assert list(plant.read(states).result()) == ["m1"]
    await node.rests()
    crashes = 0 if flush else 1  # a transaction that is lost is the office's trouble: it is just done again
    assert plant.read(states).result() == {"m1": (InboxState.DONE, crashes)}
    assert len(node.phone.said) == 1


@pytest.mark.parametrize("flush", [False, True])
async def test_so_it_does_where_its_chat_is_known_and_quiet(
    flush: bool,  # noqa: FBT001 (a parameter of the test)
    plant: Office,
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    words = Faulty()
    node = Node(plant, clock, tmp_path, words=words)
    assert await node.ear.hear(said("m0"))
    await node.rests()
    words.times, words.flush = 1, flush
    assert await node.ear.hear(said("m1"))
    await node.rests()
    crashes = 0 if flush else 1
    assert plant.read(states).result() == {"m0": (InboxState.DONE, 0), "m1": (InboxState.DONE, crashes)}
    assert len(node.phone.said) == 2


def test_of_two_deliveries_that_are_written_together_one_has_an_effect(plant: Office) -> None:
    desk = Desk(registry=Registry.discover("commands", choices=OFFERS), node="n", mouths=("dingtalk",))
    plant.write(partial(handling.hear, desk=desk, incoming=said("m0", NONSENSE))).result()
    held = threading.Event()
    first = plant.write(lambda _work: held.wait(10))
    twice = [
        plant.write(partial(handling.hear, desk=desk, incoming=said("m1", NONSENSE)))
        for _ in range(1 if not plant.shares_commits else 2)
    ]
    held.set()
    assert first.result()
    assert [it.result()[0] for it in twice] == [True, False][: len(twice)]
    assert plant.read(states).result()["m1"] == (InboxState.DONE, 0)
    said_once = plant.read(lambda work: work.session.scalars(select(Outbox.dedup_key)).all()).result()
    assert len(said_once) == len(set(said_once)) == 2


@pytest.mark.parametrize("flush", [False, True])
async def test_a_message_that_fails_for_ever_is_put_aside_and_the_next_one_answered(
    flush: bool,  # noqa: FBT001 (a parameter of the test)
    plant: Office,
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    words = Faulty(times=4 if flush else 3, flush=flush)
    node = Node(plant, clock, tmp_path, words=words)
    assert await node.ear.hear(said("m1"))
    await node.rests()
    assert await node.ear.hear(said("m2"))
    await node.rests()
    assert plant.read(states).result() == {"m1": (InboxState.ASIDE, 3), "m2": (InboxState.DONE, 0)}
    assert len(words.asked) == (4 if flush else 3)


async def test_a_refusal_is_told_once_and_changes_nothing(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    node = Node(plant, clock, tmp_path)
    assert await node.ear.hear(said("m1", "开工 WO-1001 焊接"))
    await node.rests()
    assert plant.read(states).result() == {"m1": (InboxState.DONE, 0)}
    assert len(node.phone.said) == 1


async def test_messages_of_one_chat_are_answered_in_their_order(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    node = Node(plant, clock, tmp_path)
    for number in range(12):  # a door brings what is said in one chat one by one
        await node.ear.hear(said(f"m{number}", NONSENSE if number % 3 else "帮助"))
    await node.rests()
    assert [state for state, _ in plant.read(states).result().values()] == [InboxState.DONE] * 12
    keys = [out.key for out in node.phone.said]
    assert keys == sorted(keys, key=lambda key: int(key.partition(":")[2]))
    assert len(keys) == 12


async def test_so_they_are_where_a_door_brings_them_at_once(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    """DingTalk's stream starts a task for each frame."""
    node = Node(plant, clock, tmp_path)
    heard = [asyncio.create_task(node.ear.hear(said(f"m{number:02}", NONSENSE))) for number in range(12)]
    assert all(await asyncio.gather(*heard))
    await node.rests()
    rows = plant.read(lambda work: work.session.scalars(select(Inbox.message_id).order_by(Inbox.id)).all())
    assert rows.result() == [f"m{number:02}" for number in range(12)]
    ids = [int(out.key.partition(":")[2]) for out in node.phone.said]
    assert ids == sorted(ids)
    assert len(ids) == 12


async def test_who_hears_may_give_up_and_the_answer_comes_all_the_same(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    node = Node(plant, clock, tmp_path)
    hearing = asyncio.create_task(node.ear.hear(said("m1", NONSENSE)))
    await asyncio.sleep(0)
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await node.rests()
    assert plant.read(states).result() == {"m1": (InboxState.DONE, 0)}
    assert len(node.phone.said) == 1


async def test_two_nodes_that_hear_the_same_answer_each_message_once(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    nodes = [Node(plant, clock, tmp_path, name=name) for name in ("a", "b")]
    await asyncio.gather(*(node.ear.hear(said(f"m{number}")) for number in range(8) for node in nodes))
    for node in nodes:
        await node.rests()
    assert plant.read(states).result() == {f"m{number}": (InboxState.DONE, 0) for number in range(8)}
    assert sorted(out.key for node in nodes for out in node.phone.said) == sorted(
        {out.key for node in nodes for out in node.phone.said}
    )


async def test_a_chat_that_another_node_keeps_is_heard_and_left_to_it(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    other = Node(plant, clock, tmp_path, name="b")
    await other.ear.hear(said("m1"))
    await other.rests()  # or its answer would free the lane
    key = journal.chat_key(said("m1"))

    def keep(work: Work) -> None:
        lanes.lease(work, lanes.take(work, chat_key=key), holder="b", seconds=60)

    plant.write(keep).result()
    node = Node(plant, clock, tmp_path)
    assert await node.ear.hear(said("m2"))
    await node.rests()
    assert plant.read(states).result()["m2"] == (InboxState.PENDING, 0)


def test_only_what_others_are_told_is_mail(plant: Office) -> None:
    desk = Desk(registry=Registry.discover("commands", choices=OFFERS), node="n", mouths=("dingtalk",))
    new, taken = plant.write(partial(handling.hear, desk=desk, incoming=said("m1", NONSENSE))).result()
    assert new
    assert isinstance(taken.result, Handled)
    assert (len(taken.result.parcels), taken.result.mail) == (1, False)
    new, taken = plant.write(partial(handling.hear, desk=desk, incoming=said("m1", NONSENSE))).result()
    assert not new
    assert isinstance(taken.result, Idle)
