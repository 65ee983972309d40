"""An office on a furnished plant, on both databases."""

from collections.abc import Iterator

import pytest

from bot.rules import Rules, furnish
from domain.clock import FixedClock
from domain.ids import IdMaker
from domain.store.office import Office, open_office
from tests.plants import DEMO, demo


@pytest.fixture
def rules(clock: FixedClock) -> Rules:
    """The demo plant's rules at the start of a shift."""
    return Rules(playbook=demo(), clock=clock, new_id=IdMaker(node=1))


@pytest.fixture
def office(database_url: str, rules: Rules) -> Iterator[Office]:
    """An office without people or orders."""
    opened = open_office(database_url, rules.setting)
    yield opened
    opened.close()


@pytest.fixture
def plant(office: Office, rules: Rules) -> Office:
    """An office with the demo plant's people, materials, lots and orders in it."""
    furnish(office, folder=DEMO, playbook=rules.playbook, starting=True)
    return office
