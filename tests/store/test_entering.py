"""进站: a piece enters an operation that asks for it, is in there for a while, and passes."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from domain.actions import change_hold, deciding, judging, making_up, passing, routes, sign_on, undo
from domain.actions.going import Way
from domain.clock import FixedClock
from domain.errors import StoodUpon
from domain.models.unit import StepResult, UnitStatus, UnitStep
from domain.models.work_order import TaskStatus
from domain.queries import verify
from domain.store.office import Office
from tests.store.units_plant import Bench, tasks_of

HOURS = timedelta(hours=4)


def made(office: Office, *, numbered: int = 2) -> Bench:
    """Return an order of transmitters, its pieces assembled: ageing comes next."""
    bench = Bench(office, numbered=numbered, product="TX-40")
    bench.act(partial(passing.pass_units, codes=bench.codes, operation="组装"))
    return bench


def scan(
    bench: Bench, *codes: str, way: Way = Way.OUT, at: str = "老化", bad: bool = False
) -> passing.Passed:
    return bench.act(partial(passing.pass_units, codes=codes, operation=at, way=way, bad=bad, reason="虚焊"))


def bare(bench: Bench, *codes: str) -> passing.Passed:
    return bench.act(partial(passing.pass_units, codes=codes, way=Way.AS_IT_STANDS))


def steps(bench: Bench, code: str) -> list[UnitStep]:
    unit = bench.unit(code).id
    query = select(UnitStep).where(UnitStep.unit_id == unit, ~UnitStep.void).order_by(UnitStep.sequence)
    return bench.office.read(lambda work: list(work.session.scalars(query))).result()


def sound(office: Office) -> None:
    differences, _count = office.read(verify.differences).result()
    assert differences == []


def test_a_scan_enters_and_the_next_one_passes_with_the_time_in_between(
    plant: Office, clock: FixedClock
) -> None:
    bench = made(plant)
    one, two = bench.codes
    bench.act(partial(sign_on.sign_on, station="ST-205"))
    clock.advance(timedelta(minutes=10))
    came = bare(bench, one)
    assert (came.entered, came.taken) == ((one,), ())
    assert bench.unit(one).status is UnitStatus.IN_STATION
    assert tasks_of(bench)[1].status is TaskStatus.RUNNING
    entered_at = clock.now()
    clock.advance(timedelta(seconds=30))
    assert bare(bench, one).repeated[0].why == "just_now", "the same scan again is asked about"
    clock.advance(HOURS)
    both = bare(bench, one, two)
    assert (both.taken, both.entered) == ((one,), (two,)), "each as it stands"
    assert (bench.unit(one).status, bench.unit(one).entered_at) == (UnitStatus.QUEUED, None)
    step = steps(bench, one)[1]
    assert (step.entered_at, step.at - entered_at) == (entered_at, HOURS + timedelta(seconds=30))
    sound(plant)


def test_who_did_not_enter_does_not_pass_and_nobody_enters_twice(plant: Office) -> None:
    bench = made(plant)
    one, two = bench.codes
    assert scan(bench, one).elsewhere[0].why == "not_in"
    assert scan(bench, one, way=Way.IN).entered == (one,)
    assert scan(bench, one, way=Way.IN).repeated[0].why == "entered"
    assert scan(bench, one, at="测试").elsewhere[0].why == "inside"
    assert scan(bench, one).taken == (one,)
    assert scan(bench, one, way=Way.IN, at="测试").elsewhere[0].why == "no_way_in"
    assert scan(bench, two, bad=True).taken == (two,), "a bad one need not have been in"
    sound(plant)


def test_an_entry_is_undone_until_the_piece_has_passed(plant: Office) -> None:
    bench = made(plant, numbered=1)
    (one,) = bench.codes
    scan(bench, one, way=Way.IN)
    entry = bench.answers
    bench.act(partial(undo.undo, chat_key=bench.chat, number=entry))
    assert (bench.unit(one).status, bench.unit(one).entered_at) == (UnitStatus.QUEUED, None)
    assert tasks_of(bench)[1].status is TaskStatus.READY
    scan(bench, one, way=Way.IN)
    entry = bench.answers
    scan(bench, one)
    with pytest.raises(StoodUpon):
        bench.act(partial(undo.undo, chat_key=bench.chat, number=entry))
    bench.act(partial(undo.undo, chat_key=bench.chat, number=entry + 1))
    assert bench.unit(one).entered_at is not None, "in the station again, since when it was"
    sound(plant)


def test_what_failed_inside_comes_in_again_in_its_next_round(plant: Office) -> None:
    bench = made(plant, numbered=1)
    (one,) = bench.codes
    scan(bench, one, way=Way.IN)
    assert scan(bench, one, bad=True).taken == (one,)
    assert bench.unit(one).entered_at is None
    bench.act(partial(judging.send_back, codes=[one], operation="老化", reason="重做"))
    assert scan(bench, one).elsewhere[0].why == "not_in"
    scan(bench, one, way=Way.IN)
    assert scan(bench, one).taken == (one,)
    assert [it.result for it in steps(bench, one)][1:] == [StepResult.FAILED, StepResult.PASSED]
    sound(plant)


def test_a_piece_whose_missed_operation_is_made_up_is_in_the_station_where_it_was_seen(
    plant: Office, clock: FixedClock
) -> None:
    bench = Bench(plant, numbered=1, product="TX-40")
    (one,) = bench.codes
    seen_at = clock.now()
    assert scan(bench, one, way=Way.IN).skipped[0].data["operation"] == "组装"
    clock.advance(timedelta(hours=1))
    answer = bench.act(partial(making_up.make_up, number=1))
    if not answer["done"]:
        bench.act(partial(deciding.approve, number=1), who="lizhe")
    assert bench.unit(one).entered_at == seen_at
    sound(plant)


def test_a_step_put_in_before_it_sends_a_piece_back_out(plant: Office) -> None:
    bench = made(plant, numbered=1)
    (one,) = bench.codes
    scan(bench, one, way=Way.IN)
    bench.act(partial(change_hold.hold, order=bench.order, reason="变更"))
    bench.act(partial(routes.add_operation, order=bench.order, operation="贴标", after="组装"))
    bench.act(partial(change_hold.let_go, order=bench.order))
    assert (bench.unit(one).status, bench.unit(one).entered_at) == (UnitStatus.QUEUED, None)
    assert scan(bench, one, at="贴标").taken == (one,)
    assert scan(bench, one, way=Way.IN).entered == (one,)
    sound(plant)
