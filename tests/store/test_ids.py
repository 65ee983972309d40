"""Ids of nodes whose machines disagree about the time are in order all the same."""

from functools import partial

import pytest

from domain.clock import wall_milliseconds
from domain.ids import IdMaker
from domain.store.nodes import set_ids_by_database
from domain.store.office import Office

MINUTE_MS = 60_000


def skewed(minutes: int, *, node: int) -> IdMaker:
    return IdMaker(node=node, milliseconds=lambda: wall_milliseconds() + minutes * MINUTE_MS)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_ids_of_all_nodes_go_by_the_clock_of_the_database(office: Office) -> None:
    slow, fast = skewed(-5, node=1), skewed(5, node=2)
    assert slow() < fast()
    for ids in (slow, fast):
        office.read(partial(set_ids_by_database, ids=ids)).result()
    fast_again, slow_again = IdMaker(node=2, milliseconds=lambda: 0), IdMaker(node=1)
    for ids in (fast_again, slow_again):
        office.read(partial(set_ids_by_database, ids=ids)).result()
    assert abs((fast_again() >> 22) - (slow_again() >> 22)) < MINUTE_MS
    assert abs((slow() >> 22) - (slow_again() >> 22)) < MINUTE_MS


def test_ids_never_go_back_when_the_clock_does() -> None:
    ids = IdMaker(node=1)
    before = ids()
    ids.go_by(wall_milliseconds() - 60 * MINUTE_MS)
    assert ids() > before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_node_alone_goes_by_its_machine(office: Office) -> None:
    slow = skewed(-5, node=1)
    office.read(partial(set_ids_by_database, ids=slow)).result()
    assert (slow() >> 22) < (IdMaker()() >> 22) - MINUTE_MS
