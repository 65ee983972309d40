"""Pieces with serial numbers: through operations, sent back, divided, assembled; each refusal says why."""

from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from domain.actions import (
    assembly,
    deciding,
    judging,
    making_up,
    returning,
    shipping,
    undo,
    units,
)
from domain.errors import (
    AlreadyThere,
    InItself,
    NotAPanel,
    NotAtHand,
    NotBefore,
    SitsIn,
    StoodUpon,
    TooManyUnits,
)
from domain.models.finding import Finding, FindingStatus
from domain.models.unit import UnitStatus, UnitStep
from domain.store.office import Office
from tests.store.units_plant import Bench, counted, scan, sound


def test_pieces_pass_and_are_counted(plant: Office) -> None:
    bench = Bench(plant, numbered=3)
    one, two, three = bench.codes
    done = scan(bench, "焊接", one, two)
    assert done.taken == (one, two)
    assert counted(bench)[0] == (2, 0, 0)
    assert scan(bench, "焊接", one).repeated[0].why == "passed"
    assert bench.unit(one).sequence == 20
    assert bench.unit(three).sequence == 10
    sound(plant)


def test_a_piece_that_missed_an_operation_is_found_and_made_up_for(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    one, two = bench.codes
    scan(bench, "焊接", one, two)
    seen = scan(bench, "测试", one)
    assert not seen.taken
    assert seen.skipped[0].data["operation"] == "组装"
    found = plant.read(lambda work: work.session.scalars(select(Finding)).all()).result()
    assert [it.status for it in found] == [FindingStatus.OPEN]
    assert not scan(bench, "测试", one).taken, "found once"
    answer = bench.act(partial(making_up.make_up, number=found[0].number))
    assert not answer["done"], "somebody else who approves is on shift"
    assert bench.unit(one).sequence == 20
    number = int(answer["approval"].removeprefix("SP-"))
    bench.act(partial(deciding.approve, number=number), who="wangxiulan")
    unit = bench.unit(one)
    assert (unit.status, unit.sequence) == (UnitStatus.QUEUED, 40)
    assert counted(bench) == [(2, 0, 0), (1, 0, 0), (1, 0, 0), (0, 0, 0)]
    steps = plant.read(
        lambda work: work.session.scalars(select(UnitStep).where(UnitStep.made_up)).all()
    ).result()
    assert [it.sequence for it in steps] == [20]
    sound(plant)


def test_what_is_approved_of_a_piece_that_failed_meanwhile_is_an_answer_all_the_same(
    plant: Office,
) -> None:
    bench = Bench(plant, numbered=2)
    one, two = bench.codes
    scan(bench, "焊接", one, two)
    scan(bench, "测试", one)
    asked = bench.act(partial(making_up.make_up, number=1))
    scan(bench, "组装", one, bad=True)
    number = int(asked["approval"].removeprefix("SP-"))
    bench.act(partial(deciding.approve, number=number), who="wangxiulan")
    found = plant.read(lambda work: work.session.scalars(select(Finding)).all()).result()
    assert [it.status for it in found] == [FindingStatus.MADE_UP]
    assert bench.unit(one).status is UnitStatus.FAILED
    sound(plant)


def test_what_was_not_done_is_done_and_the_finding_ends(plant: Office) -> None:
    bench = Bench(plant, numbered=1)
    (one,) = bench.codes
    scan(bench, "焊接", one)
    scan(bench, "测试", one)
    number = plant.read(lambda work: work.session.scalars(select(Finding.number)).one()).result()
    bench.act(partial(making_up.deny, number=number))
    scan(bench, "组装", one)
    status = plant.read(lambda work: work.session.scalars(select(Finding.status)).one()).result()
    assert status is FindingStatus.MADE_UP
    sound(plant)


def test_a_bad_piece_goes_back_and_counts_once(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    one, two = bench.codes
    scan(bench, "焊接", one, two)
    scan(bench, "组装", one, two)
    scan(bench, "测试", one, bad=True)
    assert counted(bench)[2] == (0, 0, 1)
    with pytest.raises(NotBefore):
        bench.act(partial(judging.send_back, codes=[one], operation="包装"))
    bench.act(partial(judging.send_back, codes=[one], operation="组装", reason="补焊"))
    scan(bench, "组装", one)
    assert counted(bench)[1] == (2, 0, 0), "counted the first time already"
    scan(bench, "测试", one)
    assert counted(bench)[2] == (1, 0, 0)
    scan(bench, "测试", two, bad=True)
    bench.act(partial(judging.scrap, codes=[two], reason="烧坏"))
    assert counted(bench)[2] == (1, 1, 0)
    assert bench.unit(two).status is UnitStatus.SCRAPPED
    sound(plant)


def test_a_finished_piece_found_bad_is_rework_again(plant: Office) -> None:
    bench = Bench(plant, numbered=1)
    (one,) = bench.codes
    for operation in ("焊接", "组装", "测试", "包装"):
        scan(bench, operation, one)
    assert bench.unit(one).status is UnitStatus.DONE
    scan(bench, "包装", one, bad=True)
    assert counted(bench)[3] == (0, 0, 1)
    bench.act(partial(judging.send_back, codes=[one], operation="测试"))
    scan(bench, "测试", one)
    scan(bench, "包装", one)
    assert counted(bench)[3] == (1, 0, 0)
    sound(plant)


def test_no_more_numbers_than_pieces(plant: Office) -> None:
    bench = Bench(plant, quantity=3, numbered=2)
    with pytest.raises(TooManyUnits) as refused:
        bench.act(partial(units.generate, order=bench.order, count=2))
    assert refused.value.left == Decimal(1)
    with pytest.raises(AlreadyThere):
        bench.act(partial(units.give, order=bench.order, codes=[bench.codes[0]]))


def test_a_panel_counts_its_boards_and_is_divided(plant: Office) -> None:
    bench = Bench(plant, quantity=8)
    made = bench.act(partial(units.generate, order=bench.order, count=2, boards=4))
    one = made["units"][0]
    scan(bench, "焊接", one)
    assert counted(bench)[0] == (4, 0, 0)
    with pytest.raises(NotAPanel):
        bench.act(partial(units.divide, panel=one, codes=["B1", "B2"]))
    boards = bench.act(partial(units.divide, panel=one))["units"]
    assert len(boards) == 4
    scan(bench, "组装", *boards)
    assert counted(bench)[1] == (4, 0, 0)
    with pytest.raises(TooManyUnits):
        bench.act(partial(units.generate, order=bench.order, count=1))
    sound(plant)


def test_a_piece_has_one_parent_and_no_circle(plant: Office) -> None:
    bench = Bench(plant, numbered=3)
    for operation in ("焊接", "组装", "测试", "包装"):
        scan(bench, operation, *bench.codes)
    one, two, three = bench.codes
    bench.act(partial(assembly.assemble, unit=one, parts=[two], position="A1"))
    with pytest.raises(SitsIn):
        bench.act(partial(assembly.assemble, unit=three, parts=[two]))
    with pytest.raises(InItself):
        bench.act(partial(assembly.assemble, unit=two, parts=[one]))
    done = bench.act(partial(assembly.exchange, unit=one, old=two, new=three, reason="坏"))
    assert done["position"] == "A1"
    sound(plant)


def test_what_a_piece_left_with_is_not_changed_while_it_is_away(plant: Office) -> None:
    bench = Bench(plant, numbered=3)
    for operation in ("焊接", "组装", "测试", "包装"):
        scan(bench, operation, *bench.codes)
    one, two, three = bench.codes
    bench.act(partial(assembly.assemble, unit=one, parts=[two]))
    built = bench.answers
    bench.act(partial(shipping.ship, codes=[one], customer="恒信仪表"))
    with pytest.raises(StoodUpon) as refused:
        bench.act(partial(undo.undo, chat_key=bench.chat, number=built))
    assert refused.value.later == "shipment.shipped"
    with pytest.raises(NotAtHand):
        bench.act(partial(assembly.exchange, unit=one, old=two, new=three))
    bench.act(partial(returning.take_back, codes=[one], reason="不亮"))
    bench.act(partial(assembly.exchange, unit=one, old=two, new=three))
    sound(plant)


def test_a_scan_is_undone_with_its_counts(plant: Office) -> None:
    bench = Bench(plant, numbered=2)
    scan(bench, "焊接", *bench.codes)
    bench.act(partial(undo.undo, chat_key=bench.chat, number=bench.answers))
    assert counted(bench)[0] == (0, 0, 0)
    assert bench.unit(bench.codes[0]).sequence == 10
    scan(bench, "焊接", *bench.codes)
    assert counted(bench)[0] == (2, 0, 0)
    sound(plant)
