"""Pieces that failed: what counts them, where they owe rework, and how they settle it."""

from functools import partial

from domain.actions import change_hold, judging, returning, routes, shipping, units
from domain.models.unit import UnitStatus
from domain.store.office import Office
from tests.store.units_plant import Bench, counted, scan, sound


def test_a_mended_piece_counts_wherever_it_comes_for_the_first_time(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    one, two = bench.codes
    scan(bench, "焊接", one, two)
    scan(bench, "组装", one, bad=True)
    bench.act(partial(judging.send_back, codes=[one], operation="焊接", reason="补焊"))
    for operation in ("焊接", "组装", "测试", "包装"):
        scan(bench, operation, one)
    assert counted(bench) == [(2, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0)]
    assert bench.unit(one).status is UnitStatus.DONE
    sound(plant)


def test_a_piece_that_fails_again_on_its_way_back_counts_where_it_failed_first(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    one, two = bench.codes
    scan(bench, "焊接", one, two)
    scan(bench, "组装", one, two)
    scan(bench, "测试", one, two, bad=True)
    bench.act(partial(judging.send_back, codes=[one, two], operation="焊接", reason="补焊"))
    scan(bench, "焊接", one, two, bad=True)
    assert counted(bench)[:3] == [(2, 0, 0), (2, 0, 0), (0, 0, 2)]
    bench.act(partial(judging.scrap, codes=[one], reason="裂"))
    assert counted(bench)[:3] == [(2, 0, 0), (2, 0, 0), (0, 1, 1)]
    bench.act(partial(judging.send_back, codes=[two], operation="焊接", reason="补焊"))
    for operation in ("焊接", "组装", "测试"):
        scan(bench, operation, two)
    assert counted(bench)[:3] == [(2, 0, 0), (2, 0, 0), (1, 1, 0)]
    sound(plant)


def test_a_mended_piece_that_waits_behind_a_new_operation_comes_back_to_it(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    one, two = bench.codes
    scan(bench, "焊接", one, bad=True)
    bench.act(partial(judging.send_back, codes=[one], reason="补焊"))
    scan(bench, "焊接", one, two)
    scan(bench, "组装", two)
    bench.act(partial(change_hold.hold, order=bench.order, reason="换工艺"))
    bench.act(partial(routes.add_operation, operation="老化", after="焊接", order=bench.order))
    bench.act(partial(change_hold.let_go, order=bench.order))
    assert scan(bench, "组装", one).skipped, "it has not been there"
    scan(bench, "老化", one)
    scan(bench, "组装", one)
    assert counted(bench)[:3] == [(2, 0, 0), (1, 0, 0), (2, 0, 0)]
    sound(plant)


def test_what_has_been_delivered_once_is_not_counted_again_whatever_becomes_of_it(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    for operation in ("焊接", "组装", "测试", "包装"):
        scan(bench, operation, *bench.codes)
    bench.act(partial(shipping.ship, codes=bench.codes, customer="恒信仪表"))
    bench.act(partial(returning.take_back, codes=bench.codes, reason="不亮"))
    bench.act(partial(judging.send_back, codes=bench.codes, operation="测试", reason="补焊"))
    scan(bench, "测试", *bench.codes, bad=True)
    one, two = bench.codes
    bench.act(partial(judging.scrap, codes=[one], reason="裂"))
    bench.act(partial(judging.send_back, codes=[two], reason="补焊"))
    scan(bench, "测试", two)
    assert counted(bench) == [(2, 0, 0)] * 4
    sound(plant)


def test_boards_of_a_panel_owe_what_it_owed_and_count_where_it_was_not(plant: Office) -> None:
    bench = Bench(plant, quantity=4)
    (panel,) = bench.act(partial(units.generate, order=bench.order, count=1, boards=2))["units"]
    scan(bench, "焊接", panel)
    scan(bench, "组装", panel, bad=True)
    bench.act(partial(judging.send_back, codes=[panel], operation="焊接", reason="补焊"))
    one, two = bench.act(partial(units.divide, panel=panel))["units"]
    for operation in ("焊接", "组装", "测试"):
        scan(bench, operation, one)
    scan(bench, "焊接", two, bad=True)
    bench.act(partial(judging.scrap, codes=[two], reason="裂"))
    assert counted(bench)[:3] == [(2, 0, 0), (1, 1, 0), (1, 0, 0)]
    sound(plant)


def test_a_piece_that_failed_at_two_operations_side_by_side_owes_at_both(plant: Office) -> None:
    bench = Bench(plant, product="GW-500", quantity=4, numbered=2)
    one, two = bench.codes
    for operation in ("组装", "涂覆"):
        scan(bench, operation, one, two)
    scan(bench, "测试", one, two, bad=True)
    bench.act(partial(judging.send_back, codes=[one, two], reason="换件"))
    scan(bench, "老化", one, two, bad=True)
    bench.act(partial(judging.scrap, codes=[one], reason="裂"))
    assert counted(bench)[2:4] == [(0, 1, 1), (0, 1, 1)]
    bench.act(partial(judging.send_back, codes=[two], operation="测试", reason="换件"))
    scan(bench, "测试", two)
    scan(bench, "老化", two)
    assert counted(bench)[2:4] == [(1, 1, 0), (1, 1, 0)]
    sound(plant)
