"""Answers of one chat are said in the order in which they were given, whichever node has them in hand."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot import handling, journal
from bot.meaning import Desk
from bot.platforms.base import Incoming
from bot.rules import Rules, furnish
from bot.steps import Handled, Read
from commands.kit import Registry
from commands.kit.offers import OFFERS
from domain.clock import FixedClock, wall_milliseconds
from domain.ids import IdMaker
from domain.models.journal import Outbox
from domain.store.office import Office, SqliteOffice, open_office
from domain.store.turns import GIVES_WAY
from notifier import parcels
from notifier.budget import Budgets
from notifier.card import Card
from notifier.delivery import Delivered, Outcome, Outgoing, Retry
from notifier.outbox import Dispatcher
from notifier.post import Address, Parcel, post
from tests.plants import DEMO
from tests.talks.patience import until

CHAT = Address(platform="dingtalk", chat_id="c", chat_kind="group")
AGAIN = Retry(reason="busy", after=60.0)


def queue(office: Office, key: str, *, kind: str = "reply") -> None:
    office.write(partial(post, to=CHAT, card=Card(title=key), kind=kind, dedup_key=key)).result()


def claim(office: Office, node: str) -> Sequence[Parcel]:
    job = partial(parcels.claim, lease=node, limit=9, busy_chats=(), reach=("dingtalk:",))
    return office.write(job).result()


def keys(claimed: Sequence[Parcel]) -> list[str]:
    return [parcel.out.key for parcel in claimed]


def settle(office: Office, parcel: Parcel, outcome: Outcome) -> None:
    office.write(partial(parcels.settle, parcel=parcel, outcome=outcome)).result()


def test_an_answer_waits_for_the_older_one_in_another_nodes_hands(office: Office) -> None:
    queue(office, "first")
    queue(office, "second")
    (first,) = claim(office, "a")
    assert claim(office, "b") == []
    settle(office, first, Delivered())
    assert keys(claim(office, "b")) == ["second"]


def test_an_answer_waits_until_the_older_one_has_been_tried_again(office: Office, clock: FixedClock) -> None:
    queue(office, "first")
    queue(office, "second")
    settle(office, claim(office, "a")[0], AGAIN)
    assert claim(office, "b") == []
    clock.advance(timedelta(minutes=1))
    (first,) = claim(office, "b")
    assert first.out.key == "first"
    assert claim(office, "a") == []
    settle(office, first, Delivered())
    assert keys(claim(office, "a")) == ["second"]


def test_an_answer_that_no_platform_takes_does_not_silence_its_chat(
    office: Office, clock: FixedClock
) -> None:
    queue(office, "first")
    queue(office, "second")
    for _attempt in range(GIVES_WAY):
        clock.advance(timedelta(minutes=1))
        (first,) = claim(office, "a")
        assert first.out.key == "first"
        settle(office, first, AGAIN)
    assert keys(claim(office, "b")) == ["second"]


def test_an_answer_that_is_throttled_for_an_hour_does_not_silence_its_chat(office: Office) -> None:
    queue(office, "first")
    queue(office, "second")
    settle(office, claim(office, "a")[0], Retry(reason="too fast", after=3600.0))
    assert keys(claim(office, "b")) == ["second"]


def test_what_nobody_asked_for_waits_for_no_answer(office: Office) -> None:
    queue(office, "answer")
    claim(office, "a")
    queue(office, "notice", kind="notice")
    assert keys(claim(office, "b")) == ["notice"]


def desk(node: str) -> Desk:
    registry = Registry.discover("commands", choices=OFFERS)
    return Desk(registry=registry, node=node, mouths=("dingtalk",))


def hear(office: Office, node: str, text: str) -> Handled:
    """Hear and handle a message on a node; returns what is to be sent from there at once."""
    incoming = Incoming(
        platform="dingtalk",
        tenant="t",
        message_id=f"{node} {text}",
        kind="text",
        chat_id="c",
        chat_kind="group",
        sender_id="nobody",
        text=text,
    )
    office.write(partial(journal.write_down, incoming=incoming)).result()
    step = office.write(partial(handling.take_next, desk=desk(node), key=CHAT.key)).result()
    if isinstance(step, Read):
        card = office.read(partial(handling.look, desk=desk(node), step=step)).result()
        job = partial(handling.answer, desk=desk(node), inbox_id=step.inbox_id, card=card)
        step = office.write(job).result()
    assert isinstance(step, Handled)
    return step


def ids(office: Office) -> list[int]:
    return list(office.read(lambda work: work.session.scalars(select(Outbox.id)).all()).result())


@pytest.mark.parametrize("text", ["帮助", "这是什么话"], ids=["read", "written"])
def test_an_answer_goes_from_its_node_at_once_unless_one_waits_elsewhere(
    postgres_url: str, rules: Rules, text: str
) -> None:
    slow = IdMaker(node=2, milliseconds=lambda: wall_milliseconds() - 60_000)
    a, b = (open_office(postgres_url, it.setting) for it in (rules, replace(rules, new_id=slow)))
    furnish(a, folder=DEMO, playbook=rules.playbook, starting=True)
    (first,) = hear(a, "a", text).parcels
    (second,) = hear(a, "a", f"{text} WO-1001").parcels
    assert hear(b, "b", text).parcels == ()
    assert claim(b, "b") == []
    assert ids(b)[:2] == [first.out.id, second.out.id]
    assert max(ids(b)) > second.out.id, "whatever the clock of its node says"
    for parcel in (first, second):
        settle(a, parcel, Delivered())
    assert keys(claim(b, "b")) != []
    for office in (a, b):
        office.close()


class Moody:
    """Refuses the first attempt, and says everything else."""

    name = "dingtalk"

    def __init__(self) -> None:
        self.tried: list[str] = []

    def reach(self) -> tuple[str, ...]:
        return ("",)

    async def send(self, out: Outgoing) -> Outcome:
        self.tried.append(out.key)
        return Delivered() if len(self.tried) > 1 else Retry(reason="not now", after=0.0)


async def test_what_a_node_has_in_hand_does_not_overtake_what_it_puts_back(
    sqlite_url: str, rules: Rules, clock: FixedClock
) -> None:
    office = SqliteOffice(sqlite_url, rules.setting)

    async def write(job: Any) -> Any:
        return office.write(job).result()

    mouth = Moody()
    dispatcher = Dispatcher(
        write=write, mouths={"dingtalk": mouth}, clock=clock, node="n", budgets=Budgets({})
    )
    handed = [
        office.write(
            partial(post, to=CHAT, card=Card(title=key), kind="reply", dedup_key=key, lease="n")
        ).result()
        for key in ("first", "second", "third")
    ]
    running = asyncio.create_task(dispatcher.run())
    dispatcher.hand(parcel for parcel in handed if parcel)
    await until(lambda: len(mouth.tried) == 4 and dispatcher.idle, "not said")
    assert mouth.tried == ["first", "first", "second", "third"]
    await dispatcher.stop()
    await running
    office.close()
