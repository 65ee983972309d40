"""改交期: an order is due at another time, and as before where that is undone; what is over is over."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from domain.actions import ending, family, rescheduling, undo
from domain.errors import CannotReschedule, DueInThePast, NotPermitted
from domain.queries import families, history, orders, verify
from domain.store.office import Office
from tests.store.units_plant import Bench


def due(bench: Bench) -> datetime | None:
    return bench.office.read(partial(orders.order, code=bench.order)).result().due_at


def told(bench: Bench) -> list[str]:
    page = bench.office.read(partial(history.of_thing, code=bench.order)).result()
    return [entry.type for entry in page.entries]


def test_it_is_written_down_once_and_undone(plant: Office) -> None:
    bench = Bench(plant)
    later = plant.read(lambda work: work.now).result() + timedelta(days=3)
    for _twice in range(2):
        bench.act(partial(rescheduling.reschedule, order=bench.order, due_at=later))
        assert due(bench) == later
    assert told(bench).count("order.rescheduled") == 1, "due then already: nothing happened"
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers - 1))
    assert due(bench) is None
    assert plant.read(verify.differences).result()[0] == []


def test_what_is_over_is_refused(plant: Office) -> None:
    bench = Bench(plant)
    now = plant.read(lambda work: work.now).result()
    with pytest.raises(DueInThePast):
        bench.act(partial(rescheduling.reschedule, order=bench.order, due_at=now))
    bench.act(partial(ending.cancel, order=bench.order, reason="不要了"))
    with pytest.raises(CannotReschedule):
        bench.act(partial(rescheduling.reschedule, order=bench.order, due_at=now + timedelta(days=1)))


def test_not_everybody_may(plant: Office) -> None:
    bench = Bench(plant)
    later = plant.read(lambda work: work.now).result() + timedelta(days=3)
    with pytest.raises(NotPermitted):
        bench.act(partial(rescheduling.reschedule, order=bench.order, due_at=later), who="zhangwei")


def test_what_is_below_and_due_later_is_named_and_stays(plant: Office) -> None:
    bench = Bench(plant, product="GW-500")
    now = plant.read(lambda work: work.now).result()
    move = partial(rescheduling.reschedule, order=bench.order)
    bench.act(partial(move, due_at=now + timedelta(days=9)))
    (child,) = bench.act(partial(family.draft_children, order=bench.order))
    bench.act(partial(move, due_at=now + timedelta(days=3)))

    def later(days: int) -> list[str]:
        kin = plant.read(partial(families.family, order_id=order.id)).result()
        return [it.code for it in kin.due_after(now + timedelta(days=days))]

    order = plant.read(partial(orders.order, code=bench.order)).result()
    assert (later(3), later(9)) == ([child["order"]], [])
    bench.act(partial(ending.cancel, order=child["order"], reason="不要了"))
    assert later(3) == []
