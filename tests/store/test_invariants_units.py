"""Whatever is done with pieces and boxes in whatever order: invariants 3, 6, 9 and 13 of domain.md hold."""

from collections import defaultdict
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import func, select

from domain.actions import (
    assembly,
    containers,
    deciding,
    judging,
    making_up,
    mending,
    passing,
    returning,
    shipping,
    units,
)
from domain.models.approval import Approval, ApprovalStatus
from domain.models.container import Container, ContainerStatus
from domain.models.finding import Finding, FindingStatus
from domain.models.flow import started
from domain.models.genealogy import Edge, How
from domain.models.unit import StepResult, Unit, UnitStatus, UnitStep
from domain.models.work_order import WorkOrder
from domain.store import containers as box_store
from domain.store import orders as order_store
from domain.store.office import Office
from domain.work import Work
from tests.store.units_plant import Bench
from tests.store.walking import Walk, nothing_is_in_itself, walked

STEPS = ("焊接", "组装", "测试", "包装")
SOME = st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True)
BOXES = st.sampled_from(["A", "B", "C"])
PEOPLE = st.sampled_from(["zhoujianguo", "wangxiulan", "sunpeng"])


class Pieces(Walk):
    """Ten pieces of one order and three boxes, in any order of any acts."""

    def __init__(self, office: Office) -> None:
        self.bench = Bench(office, quantity=14, numbered=10)
        super().__init__(self.bench)

    def _box(self, name: str) -> str:
        return f"BOX-{name}-{self.bench.order}"

    def _codes(self, which: list[int]) -> list[str]:
        return [self.bench.codes[at] for at in which]

    @initialize(whole=st.integers(1, 4), hasty=st.integers(5, 9), box=BOXES)
    def a_day_has_begun(self, whole: int, hasty: int, box: str) -> None:
        """Some pieces are in a box, one has missed an operation, one is said not to have passed after all."""
        for operation in STEPS:
            self.scan(which=[*range(whole)], operation=operation, bad=False)
        self.pack(which=[*range(whole)], box=box)
        self.scan(which=[hasty], operation=STEPS[1], bad=False)
        self.scan(which=[9 if hasty < 9 else 5], operation=STEPS[0], bad=False)
        self.chat.takes_back()

    @rule(which=SOME, operation=st.sampled_from(STEPS), bad=st.booleans())
    def scan(self, which: list[int], operation: str, bad: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        job = partial(passing.pass_units, codes=self._codes(which), operation=operation, bad=bad)
        self.tries(job)

    @rule()
    def all_through(self) -> None:
        for operation in STEPS:
            self.tries(partial(passing.pass_units, codes=self.bench.codes, operation=operation))

    @rule(which=SOME, operation=st.sampled_from(("", *STEPS)))
    def send_back(self, which: list[int], operation: str) -> None:
        self.tries(partial(judging.send_back, codes=self._codes(which), operation=operation, reason="补焊"))

    @rule(which=SOME)
    def quarantine(self, which: list[int]) -> None:
        self.tries(partial(judging.quarantine, codes=self._codes(which), reason="等"))

    @rule(which=SOME)
    def scrap(self, which: list[int]) -> None:
        self.tries(partial(judging.scrap, codes=self._codes(which), reason="坏"))

    @rule(which=SOME)
    def assemble(self, which: list[int]) -> None:
        whole, *parts = self._codes(which)
        self.tries(partial(assembly.assemble, unit=whole, parts=parts))

    @rule(which=SOME, box=BOXES)
    def pack(self, which: list[int], box: str) -> None:
        self.tries(partial(containers.pack, container=self._box(box), codes=self._codes(which)))

    @rule(box=BOXES, into=BOXES)
    def stack(self, box: str, into: str) -> None:
        self.tries(partial(containers.pack, container=self._box(into), codes=[self._box(box)]))

    @rule(which=SOME, box=BOXES)
    def unpack(self, which: list[int], box: str) -> None:
        self.tries(partial(containers.unpack, container=self._box(box), codes=self._codes(which)))

    @rule(box=BOXES, labelled=st.none() | st.integers(1, 4))
    def close(self, box: str, labelled: int | None) -> None:
        says = None if labelled is None else Decimal(labelled)
        self.tries(partial(containers.close, container=self._box(box), labelled=says))

    @rule(box=BOXES)
    def reopen(self, box: str) -> None:
        self.tries(partial(containers.reopen, container=self._box(box), reason="抽检"))

    @rule(box=BOXES)
    def ship(self, box: str) -> None:
        self.tries(partial(shipping.ship, codes=[self._box(box)], customer="恒信仪表"))

    @rule(which=SOME)
    def take_back(self, which: list[int]) -> None:
        self.tries(partial(returning.take_back, codes=self._codes(which), reason="不开机"))

    @rule(merged=st.booleans(), who=PEOPLE)
    def answer(self, merged: bool, who: str) -> None:  # noqa: FBT001 (drawn by hypothesis)
        for number in self._open(Finding.number, Finding.status == FindingStatus.OPEN)[:1]:
            self.tries(partial(making_up.make_up, number=number, merged=merged), who=who)

    @rule(who=PEOPLE)
    def let_skip(self, who: str) -> None:
        for number in self._open(Finding.number, Finding.status == FindingStatus.OPEN)[:1]:
            self.tries(partial(making_up.approve_skip, number=number, reason="不用"), who=who)

    @rule(who=PEOPLE)
    def approve(self, who: str) -> None:
        for number in self._open(Approval.number, Approval.status == ApprovalStatus.PENDING)[:1]:
            self.tries(partial(deciding.approve, number=number), who=who)

    def _open(self, number: Any, which: Any) -> list[int]:
        query = select(number).where(which).order_by(number.desc())
        return self.office.read(lambda work: list(work.session.scalars(query))).result()

    @rule()
    def mend(self) -> None:
        self.tries(partial(mending.mend, chat_key=self.bench.chat))

    @rule(count=st.integers(1, 4))
    def number(self, count: int) -> None:
        self.tries(partial(units.generate, order=self.bench.order, count=count))

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
            assert len(pieces) <= order.quantity
            for task in tasks:
                mine = [it.code for it in alive if task.sequence in it.owes]
                assert task.open_rework == len(mine), (task.name, task.open_rework, mine)

        self.office.read(look).result()

    @invariant()
    def nothing_is_in_two_places_or_in_itself(self) -> None:
        """Invariant 3."""

        def look(work: Work) -> None:
            sits = select(Edge.parent_id).where(
                Edge.how.in_((How.PACKED, How.ASSEMBLED, How.SHIPPED)),
                Edge.parent_kind == "unit",
                Edge.ended_at.is_(None),
                ~Edge.void,
            )
            twice = sits.group_by(Edge.parent_id).having(func.count() > 1)
            assert work.session.scalars(twice).all() == []
            nothing_is_in_itself(work)

        self.office.read(look).result()

    @invariant()
    def a_piece_goes_through_an_operation_once_a_round(self) -> None:
        """Invariant 6: however often it is scanned."""
        query = (
            select(func.count())
            .select_from(UnitStep)
            .where(~UnitStep.void)
            .group_by(UnitStep.unit_id, UnitStep.sequence, UnitStep.round)
            .having(func.count() > 1)
        )
        assert self.office.read(lambda work: list(work.session.scalars(query))).result() == []

    @invariant()
    def no_piece_is_past_an_operation_that_it_missed(self) -> None:
        """Invariant 9: past k stands only what passed k, or has an approved skip or make-up of it."""

        def look(work: Work) -> None:
            order = work.session.scalars(select(WorkOrder).where(WorkOrder.code == self.bench.order)).one()
            sequences = [task.sequence for task in order_store.tasks(work, order)]
            good = (StepResult.PASSED, StepResult.SKIPPED)
            pieces = select(Unit).where(Unit.order_id == order.id, ~Unit.void)
            steps = select(UnitStep.unit_id, UnitStep.sequence).where(
                UnitStep.result.in_(good), ~UnitStep.void
            )
            been: dict[int, set[int]] = defaultdict(set)
            for ref, sequence in work.session.execute(steps.join(Unit).where(Unit.order_id == order.id)):
                been[ref].add(sequence)
            for unit in work.session.scalars(pieces):
                before = {it for it in sequences if it < unit.sequence}
                done = unit.status in (UnitStatus.DONE, UnitStatus.PACKED, UnitStatus.SHIPPED)
                assert before <= been[unit.id], (unit.code, unit.sequence, been[unit.id])
                assert not done or set(sequences) <= been[unit.id]

        self.office.read(look).result()

    @invariant()
    def a_closed_box_holds_what_its_label_says(self) -> None:
        """Invariant 13: until it has left, when pieces may come back out of it."""

        def look(work: Work) -> None:
            ours = Container.code.endswith(self.bench.order)
            shut = select(Container).where(ours, Container.status == ContainerStatus.CLOSED, ~Container.void)
            for box in work.session.scalars(shut):
                assert box.labelled == containers.count(work, box)
            pieces = {
                it.id: it for it in work.session.scalars(select(Unit).where(Unit.code.in_(self.bench.codes)))
            }
            for edge in box_store.open_edges(work, of=[("unit", it) for it in pieces], how=(How.PACKED,)):
                assert pieces[edge.parent_id].status in (UnitStatus.PACKED, UnitStatus.SHIPPED)

        self.office.read(look).result()


@pytest.mark.slow
def test_any_order_of_any_acts_on_pieces(plant: Office) -> None:
    done = walked(partial(Pieces, plant), plant, walks=10, steps=30)
    assert done >= {"work.reported", "container.packed", "finding.opened", "act.voided"}, "it went nowhere"
