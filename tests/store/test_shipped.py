"""出货: what is in a box leaves with it, comes back with it, and stays where the shipment is undone."""

from decimal import Decimal
from functools import partial

import pytest

from domain.actions import containers, passing, production, returning, shipping, undo
from domain.actions.returning import Returned
from domain.errors import (
    ContainerShut,
    NothingInside,
    NotSoManyAway,
    StoodUpon,
    TooFewFinished,
    WhichOfThem,
    WrongState,
)
from domain.models.container import ContainerKind, ContainerStatus, ShipmentStatus
from domain.models.unit import UnitStatus
from domain.queries import shipments, units, verify
from domain.queries.shipments import ShipmentView
from domain.queries.units import ContainerView
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
    bench.act(partial(returning.take_back, codes=[one], reason="不开机"))
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
    back = bench.act(partial(returning.take_back, codes=[sent["shipment"]], reason="不开机"))
    assert (back["count"], back["holds"]) == (1, Decimal(21))
    assert plant.read(verify.differences).result()[0] == []


def test_a_box_that_holds_nothing_does_not_leave(plant: Office) -> None:
    bench = stacked(plant)
    bench.act(partial(containers.reopen, container="P1", reason="改"))
    bench.act(partial(containers.unpack, container="P1", codes=["B1", "B2"]))
    with pytest.raises(NothingInside, match="P1"):
        bench.act(partial(shipping.ship, codes=["P1"], customer="恒信仪表"))


def box(bench: Bench, code: str) -> ContainerView:
    return bench.office.read(partial(units.container, code=code)).result()


def shipment(bench: Bench, code: str) -> ShipmentView:
    return bench.office.read(partial(shipments.shipment, code=code)).result()


def back(bench: Bench, *codes: str, quantity: int | None = None) -> Returned:
    much = None if quantity is None else Decimal(quantity)
    return bench.act(partial(returning.take_back, codes=codes, reason="不开机", quantity=much))


def test_a_box_without_numbers_comes_back_empty_and_is_used_again(plant: Office) -> None:
    bench = unnumbered(plant)
    sent = bench.act(partial(shipping.ship, codes=["C1", "C2"], customer="恒信仪表"))
    done = back(bench, "C1")
    assert (done["holds"], done["count"], done["away"]) == (Decimal(20), 0, Decimal(1))
    assert (done["shipment"], done["boxes"], done["orders"]) == (sent["shipment"], ["C1"], [bench.order])
    assert (box(bench, "C1").status, box(bench, "C1").holds) == (ContainerStatus.RETURNED, Decimal(0))
    assert shipment(bench, sent["shipment"]).status is ShipmentStatus.SHIPPED
    with pytest.raises(ContainerShut):
        bench.act(partial(containers.pack, container="C1", codes=[bench.order]))
    bench.act(partial(containers.reopen, container="C1", reason="再用"))
    with pytest.raises(TooFewFinished):  # what came back is not good because it is here again
        bench.act(partial(containers.pack, container="C1", codes=[bench.order]))
    for step in STEPS:
        bench.act(partial(production.report, order=bench.order, operation=step, good=Decimal(3)))
    bench.act(partial(containers.pack, container="C1", codes=[bench.order], quantity=Decimal(3)))
    assert plant.read(verify.differences).result()[0] == []


def test_a_shipment_comes_back_with_all_its_boxes(plant: Office) -> None:
    bench = stacked(plant)
    sent = bench.act(partial(shipping.ship, codes=["P1"], customer="恒信仪表"))
    done = back(bench, sent["shipment"])
    assert sorted(done["boxes"]) == ["B1", "B2", "P1"]
    assert {box(bench, code).status for code in done["boxes"]} == {ContainerStatus.RETURNED}
    assert shipment(bench, sent["shipment"]).things == ()
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    assert {box(bench, code).status for code in done["boxes"]} == {ContainerStatus.SHIPPED}
    assert (box(bench, "P1").holds, box(bench, "B1").inside) == (Decimal(2), "P1")
    assert shipment(bench, sent["shipment"]).things == ("P1",)
    assert standing(bench) == [UnitStatus.SHIPPED] * 2
    assert plant.read(verify.differences).result()[0] == []


def test_what_is_emptied_piece_by_piece_is_back_too(plant: Office) -> None:
    bench = stacked(plant)
    one, two = bench.codes
    sent = bench.act(partial(shipping.ship, codes=["P1"], customer="恒信仪表"))
    assert back(bench, one)["boxes"] == ["B1"]
    assert box(bench, "P1").status is ContainerStatus.SHIPPED
    assert sorted(back(bench, two)["boxes"]) == ["B2", "P1"]
    assert shipment(bench, sent["shipment"]).status is ShipmentStatus.RETURNED
    assert plant.read(verify.differences).result()[0] == []


def test_some_of_a_box_without_numbers_come_back(plant: Office) -> None:
    bench = unnumbered(plant)
    sent = bench.act(partial(shipping.ship, codes=["C1"], customer="恒信仪表"))
    assert back(bench, "C1", quantity=5)["away"] == Decimal(15)
    first = bench.answers
    assert back(bench, sent["shipment"], quantity=1)["away"] == Decimal(14)
    assert (box(bench, "C1").status, box(bench, "C1").holds) == (ContainerStatus.SHIPPED, Decimal(14))
    with pytest.raises(NotSoManyAway, match="14"):
        back(bench, "C1", quantity=15)
    with pytest.raises(StoodUpon):
        bench.act(partial(undo.undo, chat_key=bench.chat, number=first))
    bench.act(partial(undo.undo, chat_key=bench.chat))
    bench.act(partial(undo.undo, chat_key=bench.chat, number=first))
    assert box(bench, "C1").holds == Decimal(20)
    assert back(bench, bench.order, quantity=20)["boxes"] == ["C1"]
    assert plant.read(verify.differences).result()[0] == []


def test_where_some_come_back_from_is_said(plant: Office) -> None:
    bench = unnumbered(plant)
    for step in STEPS:
        bench.act(partial(production.report, order=bench.order, operation=step, good=Decimal(4)))
    bench.act(partial(containers.pack, container="C3", codes=[bench.order], quantity=Decimal(4)))
    with pytest.raises(NotSoManyAway):  # nothing of it has left
        back(bench, bench.order, quantity=1)
    with pytest.raises(WrongState):
        back(bench, "C1", quantity=1)
    bench.act(partial(containers.close, container="C3"))
    sent = bench.act(partial(shipping.ship, codes=["C1", "C2", "C3"], customer="恒信仪表"))
    for code in (sent["shipment"], bench.order):
        with pytest.raises(WhichOfThem, match="C1、C3"):
            back(bench, code, quantity=1)
    assert back(bench, "C3", bench.order, quantity=1)["holds"] == Decimal(1)
    with pytest.raises(NotSoManyAway):  # it has a number, which says which one it is
        back(bench, "C2", quantity=1)
    assert back(bench, *bench.codes, quantity=1)["count"] == 1


def test_what_has_not_left_does_not_come_back(plant: Office) -> None:
    bench = unnumbered(plant)
    for code in ("C1", "C2", bench.codes[0]):
        with pytest.raises(WrongState, match=code):
            back(bench, code)


def test_what_is_packed_without_numbers_stays_reported(plant: Office) -> None:
    bench = Bench(plant)
    for step in STEPS:
        bench.act(partial(production.report, order=bench.order, operation=step, good=Decimal(20)))
    last = bench.answers
    bench.act(partial(containers.pack, container="C1", codes=[bench.order], quantity=Decimal(20)))
    with pytest.raises(StoodUpon, match="packed"):
        bench.act(partial(undo.undo, chat_key=bench.chat, number=last))
    bench.act(partial(undo.undo, chat_key=bench.chat, number=last + 1))
    bench.act(partial(undo.undo, chat_key=bench.chat, number=last))
    assert plant.read(verify.differences).result()[0] == []


def test_a_pallet_holds_what_is_left_in_its_boxes(plant: Office) -> None:
    bench = unnumbered(plant)
    bench.act(partial(containers.pack, container="P2", codes=["C1", "C2"], kind=ContainerKind.PALLET))
    bench.act(partial(containers.close, container="P2"))
    assert box(bench, "P2").holds == Decimal(21)
    bench.act(partial(shipping.ship, codes=["P2"], customer="恒信仪表"))
    back(bench, "C1", quantity=5)
    assert (box(bench, "P2").holds, box(bench, "C1").holds) == (Decimal(16), Decimal(15))
    back(bench, bench.codes[0])
    assert box(bench, "P2").holds == Decimal(15)
    assert plant.read(verify.differences).result()[0] == []
