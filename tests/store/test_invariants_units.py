"""Whatever is done with pieces and boxes in whatever order: invariants 3, 6, 9 and 13 of domain.md hold."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from domain.actions import (
    assembly,
    containers,
    deciding,
    judging,
    making_up,
    mending,
    passing,
    shipping,
    undo,
    units,
)
from domain.errors import DomainError
from domain.models.approval import Approval, ApprovalStatus
from domain.models.container import Container, ContainerStatus
from domain.models.finding import Finding, FindingStatus
from domain.models.flow import started
from domain.models.genealogy import Edge, How
from domain.models.journal import Event
from domain.models.unit import StepResult, Unit, UnitStatus, UnitStep
from domain.models.work_order import WorkOrder
from domain.queries import inside, verify
from domain.store import containers as box_store
from domain.store import orders as order_store
from domain.store import units as unit_store
from domain.store.office import Office
from domain.work import Work
from tests.store.units_plant import Bench

STEPS = ("焊接", "组装", "测试", "包装")
SOME = st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True)
BOXES = st.sampled_from(["BOX-A", "BOX-B", "BOX-C"])
PEOPLE = st.sampled_from(["zhoujianguo", "wangxiulan", "sunpeng"])


class Pieces(RuleBasedStateMachine):
    """Ten pieces of one order and three boxes, in any order of any acts."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.bench = Bench(office, quantity=14, numbered=10)

    def _act(self, job: Callable[[Work], Any], *, who: str = "zhoujianguo") -> None:
        """Do it as one message; a refusal is as good as a success, a bug is not."""
        with suppress(DomainError):
            self.bench.act(job, who=who)

    def _codes(self, which: list[int]) -> list[str]:
        return [self.bench.codes[at] for at in which]

    @rule(which=SOME, operation=st.sampled_from(STEPS), bad=st.booleans())
    def scan(self, which: list[int], operation: str, bad: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        job = partial(passing.pass_units, codes=self._codes(which), operation=operation, bad=bad)
        self._act(job)

    @rule()
    def all_through(self) -> None:
        for operation in STEPS:
            self._act(partial(passing.pass_units, codes=self.bench.codes, operation=operation))

    @rule(which=SOME, operation=st.sampled_from(("", *STEPS)))
    def send_back(self, which: list[int], operation: str) -> None:
        self._act(partial(judging.send_back, codes=self._codes(which), operation=operation, reason="补焊"))

    @rule(which=SOME)
    def quarantine(self, which: list[int]) -> None:
        self._act(partial(judging.quarantine, codes=self._codes(which), reason="等"))

    @rule(which=SOME)
    def scrap(self, which: list[int]) -> None:
        self._act(partial(judging.scrap, codes=self._codes(which), reason="坏"))

    @rule(which=SOME)
    def assemble(self, which: list[int]) -> None:
        whole, *parts = self._codes(which)
        self._act(partial(assembly.assemble, unit=whole, parts=parts))

    @rule(which=SOME, box=BOXES)
    def pack(self, which: list[int], box: str) -> None:
        self._act(partial(containers.pack, container=box, codes=self._codes(which)))

    @rule(box=BOXES, into=BOXES)
    def stack(self, box: str, into: str) -> None:
        self._act(partial(containers.pack, container=into, codes=[box]))

    @rule(which=SOME, box=BOXES)
    def unpack(self, which: list[int], box: str) -> None:
        self._act(partial(containers.unpack, container=box, codes=self._codes(which)))

    @rule(box=BOXES, labelled=st.none() | st.integers(1, 4))
    def close(self, box: str, labelled: int | None) -> None:
        says = None if labelled is None else Decimal(labelled)
        self._act(partial(containers.close, container=box, labelled=says))

    @rule(box=BOXES)
    def reopen(self, box: str) -> None:
        self._act(partial(containers.reopen, container=box, reason="抽检"))

    @rule(box=BOXES)
    def ship(self, box: str) -> None:
        self._act(partial(shipping.ship, codes=[box], customer="恒信仪表"))

    @rule(which=SOME)
    def take_back(self, which: list[int]) -> None:
        self._act(partial(shipping.take_back, codes=self._codes(which), reason="不开机"))

    @rule(merged=st.booleans(), who=PEOPLE)
    def answer(self, merged: bool, who: str) -> None:  # noqa: FBT001 (drawn by hypothesis)
        for number in self._open(Finding.number, Finding.status == FindingStatus.OPEN)[:1]:
            self._act(partial(making_up.make_up, number=number, merged=merged), who=who)

    @rule(who=PEOPLE)
    def let_skip(self, who: str) -> None:
        for number in self._open(Finding.number, Finding.status == FindingStatus.OPEN)[:1]:
            self._act(partial(making_up.approve_skip, number=number, reason="不用"), who=who)

    @rule(who=PEOPLE)
    def approve(self, who: str) -> None:
        for number in self._open(Approval.number, Approval.status == ApprovalStatus.PENDING)[:1]:
            self._act(partial(deciding.approve, number=number), who=who)

    def _open(self, number: Any, which: Any) -> list[int]:
        query = select(number).where(which).order_by(number.desc())
        return self.office.read(lambda work: list(work.session.scalars(query))).result()

    @rule()
    def mend(self) -> None:
        self._act(partial(mending.mend, chat_key=self.bench.chat))

    @rule(count=st.integers(1, 4))
    def number(self, count: int) -> None:
        self._act(partial(units.generate, order=self.bench.order, count=count))

    @rule(back=st.integers(0, 6))
    def undo(self, back: int) -> None:
        number = max(1, self.bench.answers - back)
        self._act(partial(undo.undo, chat_key=self.bench.chat, number=number))

    @invariant()
    def pieces_are_what_is_counted(self) -> None:
        """Invariant 1 for pieces: open rework is those that failed, scrap those that were scrapped."""

        def look(work: Work) -> None:
            order = work.session.scalars(select(WorkOrder).where(WorkOrder.code == self.bench.order)).one()
            tasks = order_store.tasks(work, order)
            for task in tasks:
                arrived = started(order, tasks, task)
                assert task.used + task.remaining(arrived) == arrived
                assert min(task.good, task.scrap, task.open_rework) >= 0
            pieces = list(work.session.scalars(select(Unit).where(Unit.order_id == order.id, ~Unit.void)))
            alive = [it for it in pieces if it.status is not UnitStatus.SCRAPPED]
            owing = unit_store.owing(work, units=alive)
            assert len(pieces) <= order.quantity
            for task in tasks:
                mine = [ref for ref, sequence in owing.items() if sequence == task.sequence]
                assert task.open_rework == len(mine), (task.name, task.open_rework, mine)

        self.office.read(look).result()

    @invariant()
    def nothing_is_in_two_places_or_in_itself(self) -> None:
        """Invariant 3."""

        def look(work: Work) -> None:
            living = (Edge.ended_at.is_(None), ~Edge.void)
            sits = select(Edge.parent_kind, Edge.parent_id, func.count()).where(
                Edge.how.in_((How.PACKED, How.ASSEMBLED, How.SHIPPED)), Edge.parent_kind == "unit", *living
            )
            for *_thing, count in work.session.execute(sits.group_by(Edge.parent_kind, Edge.parent_id)):
                assert count == 1
            for edge in work.session.scalars(select(Edge).where(*living)):
                child, parent = (edge.child_kind, edge.child_id), (edge.parent_kind, edge.parent_id)
                assert not inside.contains(work, parent, child), "a circle"

        self.office.read(look).result()

    @invariant()
    def a_piece_goes_through_an_operation_once_a_round(self) -> None:
        """Invariant 6: however often it is scanned."""
        query = (
            select(func.count())
            .select_from(UnitStep)
            .where(~UnitStep.void)
            .group_by(UnitStep.unit_id, UnitStep.sequence, UnitStep.round)
        )
        assert set(self.office.read(lambda work: list(work.session.scalars(query))).result()) <= {1}

    @invariant()
    def no_piece_is_past_an_operation_that_it_missed(self) -> None:
        """Invariant 9: past k stands only what passed k, or has an approved skip or make-up of it."""

        def look(work: Work) -> None:
            order = work.session.scalars(select(WorkOrder).where(WorkOrder.code == self.bench.order)).one()
            sequences = [task.sequence for task in order_store.tasks(work, order)]
            good = (StepResult.PASSED, StepResult.SKIPPED)
            for unit in work.session.scalars(select(Unit).where(Unit.order_id == order.id, ~Unit.void)):
                steps = select(UnitStep.sequence).where(
                    UnitStep.unit_id == unit.id, UnitStep.result.in_(good), ~UnitStep.void
                )
                been = set(work.session.scalars(steps))
                before = {it for it in sequences if it < unit.sequence}
                done = unit.status in (UnitStatus.DONE, UnitStatus.PACKED, UnitStatus.SHIPPED)
                assert before <= been, (unit.code, unit.sequence, been)
                assert not done or set(sequences) <= been

        self.office.read(look).result()

    @invariant()
    def a_closed_box_holds_what_its_label_says(self) -> None:
        """Invariant 13: until it has left, when pieces may come back out of it."""

        def look(work: Work) -> None:
            shut = select(Container).where(Container.status == ContainerStatus.CLOSED, ~Container.void)
            for box in work.session.scalars(shut):
                assert box.labelled == containers.count(work, box)
            for edge in box_store.open_edges(
                work, of=[("unit", it) for it in work.session.scalars(select(Unit.id))], how=(How.PACKED,)
            ):
                unit = work.session.get_one(Unit, edge.parent_id)
                assert unit.status in (UnitStatus.PACKED, UnitStatus.SHIPPED)

        self.office.read(look).result()

    def teardown(self) -> None:
        """State = sum of events."""
        differences, _events = self.office.read(verify.differences).result()
        assert differences == []


@pytest.mark.slow
def test_any_order_of_any_acts_on_pieces(plant: Office) -> None:
    class HereAndNow(Pieces):
        def __init__(self) -> None:
            super().__init__(plant)

    run_state_machine_as_test(
        HereAndNow,
        settings=settings(max_examples=10, stateful_step_count=30, deadline=None),
    )
    done = plant.read(lambda work: set(work.session.scalars(select(Event.type)))).result()
    assert done >= {"work.reported", "container.packed", "finding.opened", "act.voided"}, "it went nowhere"
