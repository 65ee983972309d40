"""The most urgent order first: the same on both databases, which sort what is missing differently."""

from datetime import timedelta
from functools import partial

from domain.actions import rescheduling
from domain.queries import orders
from domain.store.office import Office
from tests.store.units_plant import Bench


def test_an_order_that_nobody_waits_for_comes_last(plant: Office) -> None:
    later, never, sooner = (Bench(plant) for _ in range(3))
    now = plant.read(lambda work: work.now).result()
    for bench, days in ((later, 9), (sooner, 8)):
        bench.act(partial(rescheduling.reschedule, order=bench.order, due_at=now + timedelta(days=days)))
    found = [it.code for it in plant.read(orders.open_orders).result()]
    assert [it for it in found if it in {later.order, never.order, sooner.order}] == [
        sooner.order,
        later.order,
        never.order,
    ]
    assert found[-1] == never.order, "behind those of the demo plant too"
