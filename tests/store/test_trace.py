"""Trace both ways over lots, orders, pieces, boxes and shipments; what is shared is never called exact."""

from decimal import Decimal
from functools import partial

from domain.actions import assembly, containers, judging, lots, passing, returning, shipping
from domain.models.genealogy import Confidence
from domain.queries import pieces, trace
from domain.store.office import Office
from tests.store.units_plant import Bench

STEPS = ("焊接", "组装", "测试", "包装")


def made(plant: Office, *, count: int) -> Bench:
    bench = Bench(plant, numbered=count)
    bench.act(partial(lots.issue, lot="LOT-0001", quantity=Decimal(count), order=bench.order))
    for step in STEPS:
        bench.act(partial(passing.pass_units, codes=bench.codes, operation=step))
    return bench


def look(plant: Office, code: str) -> trace.Trace:
    return plant.read(partial(trace.trace, code=code)).result()


def test_a_lot_is_followed_to_the_shipment_and_back(plant: Office) -> None:
    bench = made(plant, count=3)
    bench.act(partial(containers.pack, container="BOX-T", codes=bench.codes))
    bench.act(partial(containers.close, container="BOX-T"))
    sent = bench.act(partial(shipping.ship, codes=["BOX-T"], customer="恒信仪表"))["shipment"]
    forward = look(plant, "LOT-0001").went_into
    assert {it.kind: (it.exact, it.shared) for it in forward.reached} == {
        "order": (0, 1),
        "unit": (0, 3),
        "container": (0, 1),
        "shipment": (0, 1),
    }
    back = look(plant, sent).made_from
    found = {it.code: it.confidence for it in back.links}
    assert found["BOX-T"] is Confidence.EXACT
    assert found["LOT-0001"] is Confidence.SHARED


def test_what_was_exchanged_is_still_told_and_reaches_nothing(plant: Office) -> None:
    bench = made(plant, count=3)
    one, two, three = bench.codes
    bench.act(partial(assembly.assemble, unit=one, parts=[two]))
    bench.act(partial(assembly.exchange, unit=one, old=two, new=three, reason="坏"))
    side = look(plant, one).made_from
    assert {it.code: it.ended for it in side.links if it.kind == "unit"} == {three: False, two: True}
    assert [it.exact for it in side.reached if it.kind == "unit"] == [1]


def test_many_pieces_are_told_by_their_order_and_listed_when_asked(plant: Office) -> None:
    bench = made(plant, count=40)
    bench.act(partial(containers.pack, container="BOX-M", codes=bench.codes[:31]))
    side = look(plant, bench.order).went_into
    assert {it.code for it in side.links} == {"BOX-M"}
    (told,) = side.pieces
    assert (told.order, told.count, told.first, told.last) == (
        bench.order,
        40,
        bench.codes[0],
        bench.codes[-1],
    )
    assert dict(told.statuses) == {"packed": 31, "done": 9}
    assert not side.is_cut
    page = plant.read(partial(pieces.of_thing, code=bench.order, page=2)).result()
    assert (page.total, page.pages, len(page.pieces)) == (40, 2, 10)
    assert [[it.code for it in piece.inside] for piece in page.pieces[:2]] == [["BOX-M"], []]


def test_pieces_in_a_box_are_listed_too(plant: Office) -> None:
    bench = made(plant, count=2)
    bench.act(partial(containers.pack, container="BOX-L", codes=bench.codes))
    page = plant.read(partial(pieces.of_thing, code="BOX-L")).result()
    assert [it.code for it in page.pieces] == bench.codes


def test_a_piece_that_came_back_is_in_no_box(plant: Office) -> None:
    bench = made(plant, count=2)
    bench.act(partial(containers.pack, container="BOX-R", codes=bench.codes))
    bench.act(partial(containers.close, container="BOX-R"))
    bench.act(partial(shipping.ship, codes=["BOX-R"], customer="北科自动化"))
    bench.act(partial(returning.take_back, codes=[bench.codes[0]], reason="不开机"))
    bench.act(partial(judging.send_back, codes=[bench.codes[0]], operation="测试"))
    links = look(plant, bench.codes[0]).went_into.links
    assert [it.ended for it in links] == [True]
