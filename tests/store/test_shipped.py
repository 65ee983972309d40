"""出货: what is in a box leaves with it, comes back with it, and stays where the shipment is undone."""

from functools import partial

from domain.actions import containers, passing, shipping, undo
from domain.models.container import ContainerKind
from domain.models.unit import UnitStatus
from domain.queries import verify
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
