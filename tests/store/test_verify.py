"""`banzhang verify`: every row and column that is not what the events add up to is found, in any share."""

from functools import partial

import pytest
from sqlalchemy import create_engine, text

from domain.queries import verify
from domain.store.office import Office


@pytest.mark.parametrize("at_once", [verify.AT_ONCE, 7])
def test_a_plant_is_the_sum_of_its_events(plant: Office, at_once: int) -> None:
    wrong, events = plant.read(partial(verify.differences, at_once=at_once)).result()
    assert wrong == []
    assert events > 7


@pytest.mark.parametrize("at_once", [verify.AT_ONCE, 7])
def test_what_was_changed_past_the_events_is_found(plant: Office, database_url: str, at_once: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("update lot set on_hand = on_hand + 1000000 where code = 'LOT-0001'"))
        connection.execute(text("delete from bom_line where operation = 'pack'"))
        connection.execute(text("insert into setting (name, value) values ('x', '{}')"))
        connection.execute(text("insert into site (id, code, name) values (77, 'X', 'X')"))
    engine.dispose()
    wrong, _ = plant.read(partial(verify.differences, at_once=at_once)).result()
    assert [line for line in wrong if "on_hand: events '300', table '301'" in line]
    assert [line for line in wrong if line.startswith("bom_line ") and "not in the tables" in line]
    assert "site 77: in the tables, not in the events" in wrong
    assert not [line for line in wrong if line.startswith("setting")], "the machinery is no state"
