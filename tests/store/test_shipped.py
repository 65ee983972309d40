"""出货: what is in a box leaves with it, comes back with it, and stays where the shipment is undone."""

from decimal import Decimal
from functools import partial

import pytest

from domain.actions import containers, passing, production, shipping, undo
from domain.errors import NothingInside
from domain.models.container import ContainerKind
from domain.models.unit import UnitStatus
from domain.queries import shipments, verify
from domain.store.office import Office
from tests.store.units_plant import Bench

STEPS = ("焊接", "组装", "测试", "包装")


def stacked(office: Office) -> Bench:
    """Return a bench whose two pieces are in two boxes on one pallet, all closed."""
    bench = Bench(office, numbered=2)
    for step in STEPS:
        bench.act(partial(passing.pass_units, codes=bench.codes, operation=step))
    for box, code in zip(("B1", "B2"), bench.codes, strict=True):
        bench.act(partial(containers.pack, container=box, codes=[code]))
        bench.act(partial(containers.close, container=box))
    bench.act(partial(containers.pack, container="P1", codes=["B1", "B2"], kind=ContainerKind.PALLET))
    bench.act(partial(containers.close, container="P1"))
    return bench


def standing(bench: Bench) -> list[UnitStatus]:
    return [bench.unit(code).status for code in bench.codes]


def test_the_pieces_in_the_boxes_of_a_pallet_leave_with_it(plant: Office) -> None:
    bench = stacked(plant)
    bench.act(partial(shipping.ship, codes=["P1"], customer="恒信仪表"))
    assert standing(bench) == [UnitStatus.SHIPPED] * 2
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    assert standing(bench) == [UnitStatus.PACKED] * 2
    assert plant.read(verify.differences).result()[0] == []


def test_a_piece_that_comes_back_is_returned_and_the_others_stay_away(plant: Office) -> None:
    bench = stacked(plant)
    one, _two = bench.codes
    bench.act(partial(shipping.ship, codes=["P1"], customer="恒信仪表"))
    bench.act(partial(shipping.take_back, codes=[one], reason="不开机"))
    assert standing(bench) == [UnitStatus.RETURNED, UnitStatus.SHIPPED]
    assert plant.read(verify.differences).result()[0] == []


def unnumbered(office: Office) -> Bench:
    """Return a bench with a closed box of 20 pieces that have no numbers, and a numbered piece in another."""
    bench = Bench(office, numbered=1)
    for step in STEPS:
        bench.act(partial(passing.pass_units, codes=bench.codes, operation=step))
        bench.act(partial(production.report, order=bench.order, operation=step, good=Decimal(20)))
    bench.act(partial(containers.pack, container="C1", codes=[bench.order], quantity=Decimal(20)))
    bench.act(partial(containers.pack, container="C2", codes=bench.codes))
    for box in ("C1", "C2"):
        bench.act(partial(containers.close, container=box))
    return bench


def test_pieces_without_numbers_are_counted_in_a_shipment(plant: Office) -> None:
    bench = unnumbered(plant)
    sent = bench.act(partial(shipping.ship, codes=["C1", "C2"], customer="恒信仪表"))
    assert (sent["count"], sent["holds"]) == (1, Decimal(21))
    found = plant.read(partial(shipments.shipment, code=sent["shipment"])).result()
    assert [(it.order, it.quantity, it.unit) for it in found.content] == [(bench.order, Decimal(21), "个")]
    assert found.things == ("C1", "C2")
    back = bench.act(partial(shipping.take_back, codes=[sent["shipment"]], reason="不开机"))
    assert (back["count"], back["holds"]) == (1, Decimal(21))
    assert plant.read(verify.differences).result()[0] == []


def test_a_box_that_holds_nothing_does_not_leave(plant: Office) -> None:
    bench = stacked(plant)
    bench.act(partial(containers.reopen, container="P1", reason="改"))
    bench.act(partial(containers.unpack, container="P1", codes=["B1", "B2"]))
    with pytest.raises(NothingInside, match="P1"):
        bench.act(partial(shipping.ship, codes=["P1"], customer="恒信仪表"))
