"""A generated past is one that the plant's own acts could have left: state is the sum of its events."""

from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.load.leaves import TABLES
from bot.load.loading import load, make, prepare
from bot.load.plant import Size
from domain.errors import AlreadyThere
from domain.queries import verify
from domain.store.migrate import differences
from domain.store.office import Office

SMALL = Size(orders=7, units=24)

pytestmark = pytest.mark.slow


def test_a_grown_past_is_the_sum_of_its_events_and_balances_and_is_not_grown_twice(
    plant: Office, database_url: str
) -> None:
    rows = sum(load(database_url, prepare(plant), SMALL))  # its processes cost most: one past for all looks
    wrong, events = plant.read(verify.differences).result()
    assert wrong == []
    assert rows > events > SMALL.orders * SMALL.units * 10
    assert differences(database_url) == [], "the indexes are there again"
    every_balance_holds(database_url)
    with pytest.raises(AlreadyThere):
        prepare(plant)


def every_balance_holds(database_url: str) -> None:
    unbalanced = "select count(*) from lot where received <> issued + on_hand or on_hand < 0"
    assert count(database_url, unbalanced) == 0
    whole = "select count(*) from operation_task where code = 'test' and status = 'done' and good = 24000000"
    assert count(database_url, whole) == SMALL.orders
    loose = "select count(*) from edge where parent_kind = 'lot' and parent_id not in (select id from lot)"
    assert count(database_url, loose) == 0


def test_one_seed_is_one_past(plant: Office) -> None:
    known = prepare(plant)
    once, again = (make(known, SMALL, first=0, sqlite=True) for _ in range(2))
    other = make(known, Size(orders=7, units=24, seed=2), first=0, sqlite=True)
    assert once == again
    assert once["event"] != other["event"]
    ids = [row[0] for table in TABLES if table != "event_subject" for row in once[table]]
    assert len(ids) == len(set(ids))
    assert all(earlier[0] < later[0] for earlier, later in pairwise(sorted(once["event"])))


def count(url: str, statement: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found: Any = connection.execute(text(statement)).scalar()
    engine.dispose()
    return int(found)
