"""A lane that is kept while a photo is prepared is free as soon as its holder is gone, not in a minute."""

from functools import partial
from typing import Any

import pytest

from bot import handling, journal
from bot.brought import NOTHING
from bot.meaning import Desk
from bot.platforms.base import Incoming, MediaRef
from bot.rules import Rules, furnish
from bot.steps import Handled, Idle, Prepare, Read, Step
from commands.kit import Registry
from commands.kit.offers import OFFERS
from domain.store import nodes
from domain.store.office import Office, open_office
from tests.plants import DEMO

PICTURE = MediaRef(kind="image", ref={"code": "1"})


def desk(node: str) -> Desk:
    registry = Registry.discover("commands", choices=OFFERS)
    return Desk(registry=registry, node=node, mouths=("dingtalk",))


def take(office: Office, node: str) -> Step:
    return office.write(partial(handling.take_next, desk=desk(node), key="dingtalk:c")).result()


def come_back(office: Office, node: str, step: Prepare) -> Step:
    job = partial(handling.take_prepared, desk=desk(node), step=step, brought=NOTHING)
    return office.write(job).result()


def forget(office: Office, **how: Any) -> int:
    return office.write(partial(nodes.forget_dead, **how)).result()


def say_with_picture(office: Office) -> None:
    incoming = Incoming(
        platform="dingtalk",
        tenant="t",
        message_id="m",
        kind="text",
        chat_id="c",
        chat_kind="direct",
        sender_id="nobody",
        text="帮助",
        media=(PICTURE,),
    )
    office.write(partial(journal.write_down, incoming=incoming)).result()


def test_a_lane_of_a_dead_node_is_free_at_once(postgres_url: str, rules: Rules) -> None:
    dying, living = (open_office(postgres_url, rules.setting, node=node) for node in ("dying", "living"))
    furnish(living, folder=DEMO, playbook=rules.playbook, starting=True)
    say_with_picture(dying)
    assert isinstance(take(dying, "dying"), Prepare)
    forget(living)
    assert take(living, "living") == Idle(), "it is prepared by a node that lives"
    dying.close()
    forget(living)
    taken = take(living, "living")
    assert isinstance(taken, Prepare)
    assert isinstance(come_back(living, "living", taken), Handled | Read)
    living.close()


def test_who_was_taken_for_dead_and_comes_back_is_too_late(postgres_url: str, rules: Rules) -> None:
    nameless, living = (open_office(postgres_url, rules.setting, node=node) for node in ("", "living"))
    furnish(living, folder=DEMO, playbook=rules.playbook, starting=True)
    say_with_picture(living)
    lost = take(nameless, "without a session of its name")
    assert isinstance(lost, Prepare)
    forget(living)
    assert come_back(nameless, "without a session of its name", lost) == Idle()
    assert isinstance(take(living, "living"), Prepare)
    for office in (nameless, living):
        office.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_embedded_database_frees_every_lane_at_the_start_and_none_later(plant: Office) -> None:
    say_with_picture(plant)
    assert isinstance(take(plant, "n"), Prepare)
    forget(plant)
    assert take(plant, "n") == Idle()
    forget(plant, starting=True)
    assert isinstance(take(plant, "n again"), Prepare)
