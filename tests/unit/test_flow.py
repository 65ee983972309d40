"""Pieces through any route: whatever is reported in whatever order, nothing is made out of nothing."""

from contextlib import suppress
from decimal import Decimal
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from domain.errors import OverReport
from domain.models.flow import (
    abreast,
    arrivals,
    finished,
    overdrawn,
    refresh_gates,
    room,
    started,
    unfinished,
)
from domain.models.work_order import OperationTask, OrderStatus, TaskStatus, WorkOrder

ZERO = Decimal(0)


def order(quantity: int, *, allowance: str = "0") -> WorkOrder:
    return WorkOrder(
        code="WO-1",
        quantity=Decimal(quantity),
        over_allowance=Decimal(allowance),
        status=OrderStatus.RUNNING,
    )


def task(at: int, *, parallel: int | None = None, merged: bool = False, passed: int = 0) -> OperationTask:
    return OperationTask(
        sequence=at,
        code=f"op{at}",
        name=f"工序{at}",
        parallel=parallel,
        status=TaskStatus.MERGED if merged else TaskStatus.WAITING,
        good=ZERO,
        scrap=ZERO,
        open_rework=ZERO,
        outside=ZERO,
        passed=Decimal(passed),
    )


def report(of: WorkOrder, tasks: list[OperationTask], at: int, *counts: int) -> None:
    one = next(it for it in tasks if it.sequence == at)
    good, scrap, rework = (Decimal(count) for count in (*counts, 0, 0)[:3])
    arrived = arrivals(of, tasks)[at]
    one.report(order=of.code, arrived=arrived, room=room(of, arrived), good=good, scrap=scrap, rework=rework)
    refresh_gates(of, tasks)


def standing(tasks: list[OperationTask]) -> list[TaskStatus]:
    return [one.status for one in tasks]


def test_a_parallel_group_takes_what_came_before_it_and_gives_what_the_slowest_has() -> None:
    made, tasks = order(100), [task(10), task(20, parallel=1), task(30, parallel=1), task(40)]
    report(made, tasks, 10, 60)
    report(made, tasks, 20, 50)
    report(made, tasks, 30, 20, 5)
    assert arrivals(made, tasks) == {10: 100, 20: 60, 30: 60, 40: 20}
    assert [it.status for it in tasks] == [TaskStatus.RUNNING] * 3 + [TaskStatus.READY]


def test_what_is_merged_or_skipped_lets_everything_pass() -> None:
    made, tasks = order(10), [task(10), task(20, merged=True), task(30), task(40)]
    tasks[2].move(TaskStatus.SKIPPED)
    report(made, tasks, 10, 10)
    assert arrivals(made, tasks)[40] == 10
    report(made, tasks, 40, 10)
    assert tasks[3].status is TaskStatus.DONE
    assert finished(made, tasks) == 10
    assert unfinished(made, tasks) == []


def test_a_whole_group_that_is_skipped_lets_pass_what_came_before_it() -> None:
    made, tasks = order(10), [task(10), task(20, parallel=1), task(30, parallel=1), task(40)]
    for one in tasks[1:3]:
        one.move(TaskStatus.SKIPPED)
    report(made, tasks, 10, 7)
    assert arrivals(made, tasks)[40] == 7


def test_eight_of_ten_and_then_two_end_at_ten() -> None:
    made, tasks = order(10), [task(10)]
    report(made, tasks, 10, 8)
    with pytest.raises(OverReport) as refused:
        report(made, tasks, 10, 10)
    assert refused.value.left == 2
    report(made, tasks, 10, 2)
    assert tasks[0].good == 10
    assert tasks[0].status is TaskStatus.DONE


@pytest.mark.parametrize(
    ("arrived", "allowance", "most"), [(30, "0.05", 31), (100, "0.02", 102), (7, "0", 7)]
)
def test_the_allowance_gives_whole_pieces(arrived: int, allowance: str, most: int) -> None:
    assert room(order(1, allowance=allowance), Decimal(arrived)) == most


def test_an_allowance_of_weighed_goods_is_exact() -> None:
    assert room(order(1, allowance="0.02"), Decimal("1.5")) == Decimal("1.53")


def test_over_production_comes_after_fresh_pieces_and_rework() -> None:
    made, tasks = order(100, allowance="0.02"), [task(10), task(20)]
    report(made, tasks, 10, 90, 0, 10)
    report(made, tasks, 10, 10)
    assert tasks[0].good == 100
    assert tasks[0].open_rework == 0
    report(made, tasks, 20, 100)
    assert standing(tasks)[1] is TaskStatus.DONE
    report(made, tasks, 10, 2)
    assert started(made, tasks, tasks[0]) == arrivals(made, tasks)[20] == 102
    assert standing(tasks)[1] is TaskStatus.RUNNING  # more has arrived
    with pytest.raises(OverReport):
        report(made, tasks, 10, 1)


def test_pieces_that_were_past_a_new_operation_do_not_come_back_to_it() -> None:
    made, tasks = order(10), [task(10), task(30)]
    report(made, tasks, 10, 10)
    report(made, tasks, 30, 4)
    new = task(20, passed=4)
    tasks.insert(1, new)
    refresh_gates(made, tasks)
    assert arrivals(made, tasks) == {10: 10, 20: 6, 30: 4}
    report(made, tasks, 20, 6)
    report(made, tasks, 30, 6)
    assert finished(made, tasks) == 10
    assert unfinished(made, tasks) == []


ROUTES = st.lists(st.tuples(st.sampled_from([None, None, 1, 2]), st.booleans()), min_size=1, max_size=6).map(
    lambda steps: [(group, merged and at > 0) for at, (group, merged) in enumerate(steps)]
)
ACTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 3), st.integers(0, 3), st.booleans()),
    max_size=40,
)


@settings(deadline=None)
@given(route=ROUTES, acts=ACTS, quantity=st.integers(1, 20), allowance=st.sampled_from(["0", "0.1", "0.5"]))
def test_nothing_is_made_out_of_nothing(
    route: list[tuple[int | None, bool]],
    acts: list[tuple[int, int, int, int, bool]],
    quantity: int,
    allowance: str,
) -> None:
    made = order(quantity, allowance=allowance)
    tasks = [task((at + 1) * 10, parallel=group, merged=merged) for at, (group, merged) in enumerate(route)]
    refresh_gates(made, tasks)
    for which, good, scrap, rework, skips in acts:
        one = tasks[which % len(tasks)]
        if skips and one.may_move(TaskStatus.SKIPPED) and good > 7:
            one.move(TaskStatus.SKIPPED)
            refresh_gates(made, tasks)
        elif one.counts and good + scrap + rework:
            with suppress(OverReport):
                report(made, tasks, one.sequence, good, scrap, rework)
        check(made, tasks)


def check(made: WorkOrder, tasks: list[OperationTask]) -> None:
    """Invariant 1: started = good + scrap + rework + remaining; good <= what came before, with allowance."""
    arrived = arrivals(made, tasks)
    for one in tasks:
        begun = started(made, tasks, one)
        parts = (one.good, one.scrap, one.open_rework, one.remaining(begun))
        assert min(parts) >= 0
        assert not one.counts or sum(parts) == begun
        assert not one.counts or one.used <= room(made, arrived[one.sequence])
        if one.status is TaskStatus.DONE:
            assert one.waiting(arrived[one.sequence]) == 0
        if one.status is TaskStatus.WAITING:
            assert arrived[one.sequence] == 0
    assert overdrawn(made, tasks) is None
    groups = [[it for it in group if it.counts] for group in abreast(tasks)]
    for before, after in pairwise([group for group in groups if group]):
        most = room(made, min(it.good for it in before))
        assert all(it.good <= most for it in after)
