"""Pieces without numbers: what is packed of an order is finished, and its own."""

from decimal import Decimal
from functools import partial

import pytest

from domain.actions import containers, ending, family, passing, production, returning, shipping, undo
from domain.actions.containers import Packed
from domain.errors import InRework, NotSoManyInside, NotSoManyMade, StoodUpon, TooFewFinished
from domain.queries import units, verify
from domain.store import orders
from domain.store.office import Office
from domain.work import Work
from tests.store.units_plant import Bench

STEPS = ("焊接", "组装", "测试", "包装")


def make(bench: Bench, count: int, *, order: str = "") -> None:
    for step in STEPS:
        said = partial(production.report, order=order or bench.order, operation=step, good=Decimal(count))
        bench.act(said)


@pytest.fixture
def bench(plant: Office) -> Bench:
    """Return a bench that has made 20 pieces without numbers."""
    made = Bench(plant)
    make(made, 20)
    return made


def pack(bench: Bench, box: str, count: int, *, order: str = "") -> Packed:
    return bench.act(
        partial(containers.pack, container=box, codes=[order or bench.order], quantity=Decimal(count))
    )


def rework(bench: Bench, count: int) -> str:
    return bench.act(partial(family.open_rework, order=bench.order, quantity=Decimal(count)))["order"]


def to_pack(bench: Bench) -> Decimal:
    def look(work: Work) -> Decimal:
        found = orders.find(work, code=bench.order)
        assert found is not None
        return units.to_pack(work, order_id=found.id)

    return bench.office.read(look).result()


def undone(bench: Bench, number: int) -> None:
    bench.act(partial(undo.undo, chat_key=bench.chat, number=number))


def sound(bench: Bench) -> bool:
    return bench.office.read(verify.differences).result()[0] == []


def test_what_a_rework_order_has_taken_is_packed_of_that_one(bench: Bench) -> None:
    again = rework(bench, 5)
    with pytest.raises(TooFewFinished) as refused:
        pack(bench, "D1", 16)
    said = refused.value
    assert (said.left, said.packed, said.taken, said.reworks) == (Decimal(15), Decimal(0), Decimal(5), again)
    pack(bench, "D1", 15)
    assert to_pack(bench) == 0
    make(bench, 5, order=again)
    assert pack(bench, "D2", 5, order=again)["holds"] == Decimal(5)
    assert sound(bench)


def test_what_is_in_boxes_is_not_reworked(bench: Bench) -> None:
    pack(bench, "D1", 18)
    with pytest.raises(NotSoManyMade) as refused:
        rework(bench, 3)
    assert (refused.value.there, refused.value.packed) == (Decimal(2), Decimal(18))
    rework(bench, 2)
    assert sound(bench)


def test_what_a_cancelled_rework_order_had_is_packed_and_then_that_is_not_undone(bench: Bench) -> None:
    again = rework(bench, 5)
    bench.act(partial(ending.cancel, order=again, reason="不用"))
    cancelled = bench.answers
    pack(bench, "D1", 20)
    with pytest.raises(StoodUpon):
        undone(bench, cancelled)
    assert sound(bench)


def test_a_cancelled_rework_order_keeps_what_it_has_done_with(bench: Bench) -> None:
    again = rework(bench, 5)
    make(bench, 2, order=again)
    bench.act(partial(production.report, order=again, operation="焊接", good=Decimal(1), scrap=Decimal(1)))
    bench.act(partial(ending.cancel, order=again, reason="不用"))
    assert to_pack(bench) == Decimal(17)
    with pytest.raises(TooFewFinished):
        pack(bench, "D1", 18)
    pack(bench, "D1", 17)
    with pytest.raises(TooFewFinished):
        pack(bench, "D2", 3, order=again)
    pack(bench, "D2", 2, order=again)
    assert sound(bench)


def test_what_has_not_come_to_the_end_of_a_cancelled_order_is_not_packed(plant: Office) -> None:
    bench = Bench(plant)
    bench.act(partial(production.report, order=bench.order, operation="焊接", good=Decimal(9)))
    bench.act(partial(ending.cancel, order=bench.order, reason="不用"))
    with pytest.raises(TooFewFinished):
        pack(bench, "D1", 1)


def test_so_many_pieces_with_numbers_stay_as_are_in_rework(plant: Office) -> None:
    bench = Bench(plant, numbered=4)
    for step in STEPS:
        bench.act(partial(passing.pass_units, codes=bench.codes, operation=step))
    put = partial(containers.pack, container="D1")
    bench.act(partial(put, codes=bench.codes[:1]))
    with pytest.raises(NotSoManyMade) as too_many:
        rework(bench, 4)
    assert (too_many.value.there, too_many.value.packed) == (Decimal(3), Decimal(1))
    again = rework(bench, 2)
    with pytest.raises(InRework) as refused:
        bench.act(partial(put, codes=bench.codes[1:3]))
    with pytest.raises(InRework):
        bench.act(partial(shipping.ship, codes=bench.codes[1:3], customer="恒信仪表"))
    said = refused.value
    assert (said.left, said.asked, said.taken, said.reworks) == (Decimal(1), Decimal(2), Decimal(2), again)
    assert to_pack(bench) == Decimal(1)
    bench.act(partial(ending.cancel, order=again, reason="不用"))
    bench.act(partial(put, codes=bench.codes[1:3]))
    assert sound(bench)


def test_what_is_in_rework_was_made(bench: Bench) -> None:
    reported = bench.answers
    rework(bench, 5)
    with pytest.raises(StoodUpon):
        undone(bench, reported)
    assert sound(bench)


def test_what_a_customer_sent_back_goes_into_rework_before_what_is_here(bench: Bench) -> None:
    pack(bench, "D1", 12)
    bench.act(partial(containers.close, container="D1"))
    bench.act(partial(shipping.ship, codes=["D1"], customer="恒信仪表"))
    bench.act(partial(returning.take_back, codes=["D1"], quantity=Decimal(4), reason="不开机"))
    assert to_pack(bench) == Decimal(8)
    rework(bench, 4)
    assert to_pack(bench) == Decimal(8)
    rework(bench, 1)
    assert to_pack(bench) == Decimal(7)
    with pytest.raises(TooFewFinished):
        pack(bench, "D2", 8)
    pack(bench, "D2", 7)
    assert sound(bench)


def test_what_is_taken_out_of_a_box_is_packed_again_or_reworked(bench: Bench) -> None:
    pack(bench, "D1", 12)
    pack(bench, "D1", 8)
    out = partial(containers.unpack, container="D1", codes=[bench.order])
    with pytest.raises(NotSoManyInside):
        bench.act(partial(out, quantity=Decimal(21)))
    assert bench.act(partial(out, quantity=Decimal(10)))["holds"] == Decimal(10)
    assert to_pack(bench) == Decimal(10)
    undone(bench, bench.answers)
    assert to_pack(bench) == Decimal(0)
    bench.act(partial(out, quantity=Decimal(10)))
    rework(bench, 4)
    pack(bench, "D2", 6)
    assert to_pack(bench) == Decimal(0)
    assert sound(bench)
