"""Every crash is counted against its message, every message is answered once, no lane is parked in vain."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import handling, hear, journal
from bot.bridge import Clerk
from bot.hear import Ear
from bot.meaning import Desk
from bot.media import MediaStore
from bot.platforms.base import Incoming, MediaRef
from bot.steps import Handled, Idle, Step
from commands.kit import Registry
from commands.kit.offers import OFFERS
from domain.clock import FixedClock
from domain.models.journal import ChatLane, Inbox, InboxState, Outbox
from domain.store.office import Office
from domain.work import Work
from notifier.budget import Budgets
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Outgoing
from notifier.outbox import Dispatcher
from tests.talks.patience import until

PICTURE = MediaRef(kind="image", ref={"code": "1"})


@dataclass
class Phone:
    """A platform on which pictures can be had and everything said arrives."""

    name: str = "dingtalk"
    said: list[Outgoing] = field(default_factory=list)

    async def fetch(self, _media: MediaRef) -> bytes:
        return b"picture"

    def reach(self) -> tuple[str, ...]:
        return ("",)

    async def send(self, out: Outgoing) -> Outcome:
        self.said.append(out)
        return Delivered()


class FullFolder(MediaStore):
    """A media folder on a disk without room."""

    def keep(self, data: bytes) -> str:
        raise OSError(28, "No space left on device", f"{len(data)}")


class House:
    """An ear and a mouth on one office."""

    def __init__(self, office: Office, clock: FixedClock, folder: Path, *, heard: Sequence[str]) -> None:
        clerk = Clerk(office)

        self.phone = Phone()
        platforms: Any = {"dingtalk": self.phone}
        self.dispatcher = Dispatcher(
            write=clerk.write, mouths=platforms, clock=clock, node="n", budgets=Budgets({})
        )
        no_photos: Any = None
        self.ear = Ear(
            clerk=clerk,
            desk=desk(),
            dispatcher=self.dispatcher,
            photos=no_photos,
            media=FullFolder(folder),
            platforms={name: platforms[name] for name in heard},
        )

    async def rests(self) -> None:
        await until(lambda: self.ear.idle and self.dispatcher.idle, "no rest")


def desk(*mouths: str) -> Desk:
    return Desk(
        registry=Registry.discover("commands", choices=OFFERS), node="n", mouths=mouths or ("dingtalk",)
    )


def said(message_id: str, text: str = "帮助", **more: Any) -> Incoming:
    return Incoming(
        platform="dingtalk",
        tenant="t",
        message_id=message_id,
        kind="text",
        chat_id="c",
        chat_kind="direct",
        sender_id="nobody",
        text=text,
        **more,
    )


def write_down(office: Office, incoming: Incoming) -> int:
    office.write(partial(journal.write_down, incoming=incoming)).result()
    query = select(Inbox.id).where(Inbox.message_id == incoming.message_id)
    return int(office.read(lambda work: work.session.scalars(query).one()).result())


def spoil(work: Work) -> None:
    work.session.execute(update(Inbox).values(payload={"what": "nobody can read"}))


def states(work: Work) -> dict[str, tuple[InboxState, int]]:
    return {it.message_id: (it.state, it.attempts) for it in work.session.scalars(select(Inbox))}


def leased(work: Work) -> list[Any]:
    return [it.lease_until for it in work.session.scalars(select(ChatLane)) if it.lease_until]


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hear, "CRASH_WAIT_SECONDS", 0)


async def test_a_message_that_nobody_can_read_is_put_aside_and_the_next_one_answered(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    house = House(plant, clock, tmp_path, heard=["dingtalk"])
    write_down(plant, said("m1"))
    plant.write(spoil).result()
    await house.ear.hear(said("m2"))
    await house.rests()
    assert plant.read(states).result() == {"m1": (InboxState.ASIDE, 3), "m2": (InboxState.DONE, 0)}
    assert len(house.phone.said) == 1


async def test_a_picture_that_cannot_be_kept_is_an_incident_that_its_author_hears_of(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    house = House(plant, clock, tmp_path, heard=["dingtalk"])
    await house.ear.hear(said("m1", media=(PICTURE,)))
    await house.rests()
    assert plant.read(states).result() == {"m1": (InboxState.ASIDE, 3)}
    assert ["事故" in out.card.title for out in house.phone.said] == [True]
    assert plant.read(leased).result() == []


async def test_a_picture_of_a_lost_connection_is_left_to_the_node_that_has_it(
    plant: Office, clock: FixedClock, tmp_path: Path
) -> None:
    house = House(plant, clock, tmp_path, heard=[])  # lost between the taking and the fetching
    await house.ear.hear(said("m1", media=(PICTURE,)))
    await house.rests()
    assert plant.read(states).result() == {"m1": (InboxState.PENDING, 0)}
    assert plant.read(leased).result() == []


def test_a_node_without_the_connection_does_not_take_a_picture(plant: Office) -> None:
    write_down(plant, said("m1", media=(PICTURE,)))
    take = partial(handling.take_next, desk=desk("wecom"), key="dingtalk:c")
    assert plant.write(take).result() == Idle()
    assert plant.read(leased).result() == []


async def test_a_refusal_that_cannot_be_put_into_words_is_counted(
    plant: Office, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speechless(*_any: Any, **_more: Any) -> Card:
        raise KeyError("placeholder")

    monkeypatch.setattr(handling, "refusal", speechless)
    house = House(plant, clock, tmp_path, heard=["dingtalk"])
    await house.ear.hear(said("m1", "报工 WO-1001 焊接 5 良"))
    await house.rests()
    assert plant.read(states).result() == {"m1": (InboxState.ASIDE, 3)}
    assert ["事故" in out.card.title for out in house.phone.said] == [True]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_nodes_with_an_answer_only_one_gives_it(plant: Office) -> None:
    inbox_id = write_down(plant, said("m1"))
    answered, other_done = threading.Event(), threading.Event()
    answer = partial(handling.answer, desk=desk(), inbox_id=inbox_id, card=Card(title="好"))

    def slowly(work: Work) -> Step:
        step = answer(work)
        answered.set()
        other_done.wait(1)
        return step

    first = plant.write(slowly)
    assert answered.wait(10)
    second = plant.write(answer)
    second.add_done_callback(lambda _future: other_done.set())
    assert isinstance(first.result(), Handled)
    assert second.result() == Idle()
    assert plant.read(lambda work: len(work.session.scalars(select(Outbox)).all())).result() == 1


def test_a_crash_of_a_message_that_is_done_meanwhile_counts_for_nothing(plant: Office) -> None:
    inbox_id = write_down(plant, said("m1"))
    plant.write(partial(handling.answer, desk=desk(), inbox_id=inbox_id, card=Card(title="好"))).result()
    count = partial(
        handling.count_crash, desk=desk(), inbox_id=inbox_id, incident="X", sorry=partial(Card, title="!")
    )
    assert plant.write(count).result() == Idle()
    assert plant.read(states).result() == {"m1": (InboxState.DONE, 0)}


def test_words_that_the_platform_kept_back_are_owned_up_to_and_the_plant_hears_it(plant: Office) -> None:
    write_down(plant, replace(said("1", "quota_exhausted"), kind="event"))
    step = plant.write(partial(handling.take_next, desk=desk("dingtalk"), key="dingtalk:c")).result()
    assert isinstance(step, Handled)
    assert [it.out.card.title for it in step.parcels] == ["钉钉本月的额度用完了，没有把你说的话给我。"]
    cards = plant.read(lambda work: work.session.scalars(select(Outbox.card).order_by(Outbox.id)).all())
    titles = [card["title"] for card in cards.result()]
    assert titles.count("钉钉说本月额度用完了") == 2
