"""冻结: what is held, or made of what is, stops at once wherever somebody would go on with it."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from domain.actions import (
    assembly,
    containers,
    ending,
    holds,
    lots,
    passing,
    production,
    shipping,
    undo,
)
from domain.errors import Held
from domain.models.container import ContainerKind
from domain.queries import verify
from domain.store.office import Office
from tests.store.units_plant import Bench

STEPS = ("焊接", "组装", "测试", "包装")


@pytest.fixture
def bench(plant: Office) -> Bench:
    """Three finished pieces: one loose, one in an open box, one in a closed one."""
    bench = Bench(plant, quantity=3, numbered=3)
    for step in STEPS:
        bench.act(partial(passing.pass_units, codes=bench.codes, operation=step))
    bench.act(partial(containers.pack, container="OPEN", codes=bench.codes[1:2]))
    bench.act(partial(containers.pack, container="SHUT", codes=bench.codes[2:]))
    bench.act(partial(containers.close, container="SHUT"))
    return bench


def goes_on(bench: Bench) -> dict[str, Callable[[Any], Any]]:
    """Return what somebody might do next with the three pieces and their order."""
    one, _two, _three = bench.codes
    pallet: dict[str, Any] = {"codes": ["SHUT"], "kind": ContainerKind.PALLET}
    return {
        "pack": partial(containers.pack, container="OTHER", codes=[one]),
        "close": partial(containers.close, container="OPEN"),
        "stack": partial(containers.pack, container="PALLET", **pallet),
        "ship": partial(shipping.ship, codes=["SHUT"], customer="恒信仪表"),
        "ship loose": partial(shipping.ship, codes=[one], customer="恒信仪表"),
        "complete": partial(ending.complete, order=bench.order),
    }


@pytest.mark.parametrize("verb", ["pack", "close", "stack", "ship", "ship loose", "complete"])
def test_nothing_goes_on_with_what_an_order_has_made_while_it_is_held(bench: Bench, verb: str) -> None:
    bench.act(partial(holds.hold, code=bench.order, reason="试一试"))
    with pytest.raises(Held):
        bench.act(goes_on(bench)[verb])


@pytest.mark.parametrize(("verb", "at"), [("pack", 0), ("close", 1), ("stack", 2), ("ship", 2)])
def test_nor_with_a_piece_that_is_held_itself_or_with_the_box_it_is_in(
    bench: Bench, verb: str, at: int
) -> None:
    bench.act(partial(holds.hold, code=bench.codes[at], reason="试一试"))
    held = bench.answers
    with pytest.raises(Held):
        bench.act(goes_on(bench)[verb])
    bench.act(partial(undo.undo, chat_key=bench.chat, number=held))
    bench.act(goes_on(bench)[verb])
    assert bench.office.read(verify.differences).result()[0] == []


def test_a_held_piece_goes_through_no_operation_and_into_nothing(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    one, two = bench.codes
    bench.act(partial(holds.hold, code=one, reason="试一试"))
    passed = bench.act(partial(passing.pass_units, codes=[one, two], operation="焊接"))
    assert (passed.taken, passed.elsewhere[0].why) == ((two,), "held")
    for step in STEPS[1:]:
        bench.act(partial(passing.pass_units, codes=[two], operation=step))
    bench.act(partial(holds.hold, code=two, reason="试一试"))
    with pytest.raises(Held):
        bench.act(partial(assembly.assemble, unit=one, parts=[two]))


def test_a_lot_held_stops_what_it_was_built_into(bench: Bench) -> None:
    one = bench.codes[0]
    bench.act(partial(assembly.assemble, unit=one, parts=["LOT-0002"]))
    bench.act(partial(holds.hold, code="LOT-0002", reason="开裂"))
    with pytest.raises(Held):
        bench.act(goes_on(bench)["pack"])
    with pytest.raises(Held):
        bench.act(partial(lots.issue, lot="LOT-0002", order=bench.order, quantity=containers.ONE))


def test_an_order_that_has_used_what_is_held_is_reported_no_further(plant: Office) -> None:
    bench = Bench(plant, quantity=5)
    report = partial(production.report, order=bench.order, operation="焊接", good=Decimal(1))
    bench.act(partial(lots.issue, lot="LOT-0001", order=bench.order, quantity=Decimal(5)))
    bench.act(report)
    bench.act(partial(holds.hold, code="LOT-0001", reason="开裂"))
    with pytest.raises(Held):
        bench.act(report)
    bench.act(partial(holds.lift, code="LOT-0001", reason="复检合格"))
    assert bench.act(report)["total_good"] == 2
    other = Bench(plant, quantity=5)
    bench.act(partial(holds.hold, code="LOT-0001", reason="开裂"))
    other.act(partial(report, order=other.order))
