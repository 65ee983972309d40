"""What the machine of `tests/machine` has found, each reduced to the few acts that it takes."""

from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from domain.actions import (
    change_hold,
    containers,
    counting,
    deciding,
    ending,
    family,
    orders,
    passing,
    production,
    release,
    routes,
    skipping,
    undo,
)
from domain.errors import StoodUpon
from domain.models.lot import Lot
from domain.models.unit import UnitStatus
from domain.models.work_order import WorkOrder
from domain.queries import verify
from domain.store.office import Office
from tests.store.units_plant import Bench

STEPS = ("焊接", "组装", "测试", "包装")


def finished(office: Office) -> Bench:
    """Return a bench with three finished pieces."""
    bench = Bench(office, numbered=3)
    for step in STEPS:
        bench.act(partial(passing.pass_units, codes=bench.codes, operation=step))
    return bench


def undone(bench: Bench, number: int) -> None:
    bench.act(partial(undo.undo, chat_key=bench.chat, number=number))


def test_what_went_into_a_box_stays_there_once_it_is_closed(plant: Office) -> None:
    bench = finished(plant)
    bench.act(partial(containers.pack, container="B1", codes=bench.codes[:1]))
    bench.act(partial(containers.pack, container="B1", codes=bench.codes[1:2]))
    packed = bench.answers
    bench.act(partial(containers.close, container="B1"))
    with pytest.raises(StoodUpon, match=r"container\.closed"):
        undone(bench, packed)
    bench.act(partial(containers.reopen, container="B1", reason="贴错标"))
    undone(bench, packed)
    assert bench.unit(bench.codes[1]).status is UnitStatus.DONE


def test_what_was_taken_out_of_a_box_does_not_get_into_it_while_it_is_closed(plant: Office) -> None:
    bench = finished(plant)
    bench.act(partial(containers.pack, container="B1", codes=bench.codes))
    bench.act(partial(containers.unpack, container="B1", codes=bench.codes[1:2]))
    taken_out = bench.answers
    bench.act(partial(containers.close, container="B1"))
    with pytest.raises(StoodUpon, match=r"container\.closed"):
        undone(bench, taken_out)


def test_an_operation_that_pieces_have_gone_past_stays_skipped(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    bench.act(partial(skipping.skip, order=bench.order, operation="组装", reason="没有设备"))
    bench.act(partial(deciding.approve, number=1), who="wangxiulan")
    skipped = bench.answers
    bench.act(partial(passing.pass_units, codes=bench.codes, operation="焊接"))
    passed = bench.answers
    with pytest.raises(StoodUpon, match=r"unit\.passed"):
        undone(bench, skipped)
    undone(bench, passed)
    undone(bench, skipped)


def test_pieces_that_wait_behind_a_new_operation_go_through_it_first(plant: Office) -> None:
    bench = Bench(plant, quantity=6, numbered=3)
    one, two, three = bench.codes
    bench.act(partial(passing.pass_units, codes=[one, two], operation="焊接"))
    bench.act(partial(passing.pass_units, codes=[one], operation="组装"))
    bench.act(partial(change_hold.hold, order=bench.order, reason="要老化"))
    bench.act(partial(routes.add_operation, operation="老化", after="焊接", order=bench.order))
    bench.act(partial(change_hold.let_go, order=bench.order))
    assert [bench.unit(code).sequence for code in (one, two, three)] == [30, 15, 10]
    assert bench.act(partial(passing.pass_units, codes=[two], operation="老化")).taken == (two,)
    bench.act(partial(passing.pass_units, codes=[two], operation="组装"))
    assert bench.unit(two).sequence == bench.unit(one).sequence


def test_where_there_is_no_room_between_two_operations_the_pieces_are_renumbered_with_them(
    plant: Office,
) -> None:
    bench = Bench(plant, quantity=6, numbered=3)
    one, two, three = bench.codes
    bench.act(partial(passing.pass_units, codes=[one], operation="焊接"))
    bench.act(partial(passing.pass_units, codes=[one], operation="组装"))
    assert not bench.act(partial(passing.pass_units, codes=[two], operation="组装")).taken, "焊接 was missed"
    bench.act(partial(change_hold.hold, order=bench.order, reason="加四道"))
    for new in ("老化", "贴标", "涂覆", "贴片"):
        bench.act(partial(routes.add_operation, operation=new, after="焊接", order=bench.order))
    bench.act(partial(change_hold.let_go, order=bench.order))
    assert bench.act(partial(passing.pass_units, codes=[one], operation="测试")).taken == (one,)
    passed = bench.act(partial(passing.pass_units, codes=[three], operation="焊接"))
    assert passed.taken == (three,)
    assert not passed.skipped
    assert plant.read(verify.differences).result()[0] == []


def test_what_was_counted_of_a_made_lot_is_not_lost_when_its_order_is_opened_again(plant: Office) -> None:
    bench = Bench(plant)
    bench.act(partial(orders.draft, product="GW-500", quantity=Decimal(5), code="WO-P"))
    bench.act(partial(family.draft_children, order="WO-P"))
    child = plant.read(
        lambda work: work.session.scalars(
            select(WorkOrder.code).where(WorkOrder.parent_id.is_not(None))
        ).one()
    ).result()
    bench.act(partial(release.release, order=child))
    for step in ("贴片", "焊接", "测试", "包装"):
        who = "liuyang" if step == "贴片" else "zhoujianguo"
        bench.act(partial(production.report, order=child, operation=step, good=Decimal(5)), who=who)
    lot = bench.act(partial(ending.complete, order=child))["lot"]
    bench.act(partial(counting.count, lot=lot, counted=Decimal(6)))
    bench.act(partial(ending.reopen, order=child, reason="看错了"))
    bench.act(partial(ending.complete, order=child))
    made = plant.read(lambda work: work.session.scalars(select(Lot).where(Lot.code == lot)).one()).result()
    assert made.on_hand == Decimal(6), "one more was found in the store"
    differences, _events = plant.read(verify.differences).result()
    assert differences == []
