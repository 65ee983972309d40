"""Whatever is said in whatever order: quantities, lots and events add up (domain.md, "always true")."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from domain.actions import ending, lots, orders, production, release, undo
from domain.errors import DomainError
from domain.models.flow import started
from domain.models.genealogy import Edge
from domain.models.journal import Event
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.routing import BomLine
from domain.models.work_order import WorkOrder
from domain.queries import verify
from domain.queries.people import speaker
from domain.store import inbox
from domain.store import orders as order_store
from domain.store.office import Office
from domain.work import Work

PIECES = st.integers(0, 12)
STEPS = st.sampled_from(["焊接", "焊接", "组装", "测试", "包装"])
EVERYTHING = frozenset({"manager", "warehouse", "quality"})
_numbers = itertools.count(5000)


class Shift(RuleBasedStateMachine):
    """One order of the demo plant's TS-300 and the lots received for it, in any order of any acts."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.chat = f"dingtalk:{next(_numbers)}"
        self.order = f"WO-{next(_numbers)}"
        self.answers = 0
        self.lots: list[str] = []
        self._act(partial(orders.draft, product="TS-300", quantity=Decimal(40), code=self.order))
        self.release()
        self.receive(quantity=150)
        self._act(partial(lots.inspect, lot=self.lots[0], passed=True))

    def _act(self, job: Callable[[Work], Any]) -> bool:
        """Do it as one message; a refusal is as good as a success, a bug is not."""
        self.answers += 1

        def written(work: Work) -> None:
            message = inbox.write_down(
                work,
                platform="dingtalk",
                tenant="t",
                message_id=f"{self.chat}/{self.answers}",
                chat_key=self.chat,
                payload={},
            )
            actor = speaker(work, platform="dingtalk", user_id="zhoujianguo")
            assert message is not None
            assert actor is not None
            work.actor, work.message, work.heard_in = replace(actor, roles=EVERYTHING), message, self.chat
            job(work)
            work.see_rows()
            inbox.mark_done(work, inbox_id=message, person_id=actor.person_id, answer_no=self.answers)

        with suppress(DomainError):
            self.office.write(written).result()
            return True
        return False

    @rule()
    def release(self) -> None:
        self._act(partial(release.release, order=self.order))

    @rule()
    def pause(self) -> None:
        self._act(partial(orders.pause, order=self.order, reason="等料"))

    @rule()
    def resume(self) -> None:
        self._act(partial(orders.resume, order=self.order))

    @rule()
    def complete(self) -> None:
        self._act(partial(ending.complete, order=self.order))

    @rule(operation=STEPS, good=PIECES, scrap=PIECES, rework=st.integers(0, 5))
    def report(self, operation: str, good: int, scrap: int, rework: int) -> None:
        said = partial(production.report, order=self.order, operation=operation)
        self._act(partial(said, good=Decimal(good), scrap=Decimal(scrap) / 4, rework=Decimal(rework)))

    @rule(quantity=st.integers(1, 200))
    def receive(self, quantity: int) -> None:
        lot = f"LOT-{next(_numbers)}"
        material = self.office.read(_first_part).result()
        job = partial(lots.receive, material=material, lot_no=lot, quantity=Decimal(quantity))
        if self._act(job):
            self.lots.append(lot)

    @precondition(lambda self: self.lots)
    @rule(which=st.integers(0, 9), passed=st.booleans())
    def inspect(self, which: int, passed: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        self._act(partial(lots.inspect, lot=self.lots[which % len(self.lots)], passed=passed))

    @precondition(lambda self: self.lots)
    @rule(which=st.integers(0, 9), quantity=st.integers(1, 120))
    def issue(self, which: int, quantity: int) -> None:
        lot = self.lots[which % len(self.lots)]
        self._act(partial(lots.issue, lot=lot, quantity=Decimal(quantity), order=self.order))

    @rule(back=st.integers(0, 6))
    def undo(self, back: int) -> None:
        self._act(partial(undo.undo, chat_key=self.chat, number=max(1, self.answers - back)))

    @invariant()
    def pieces_add_up(self) -> None:
        """Started = good + scrap + open rework + remaining; nobody reports what has not arrived."""

        def look(work: Work) -> None:
            order = order_store.find(work, code=self.order)
            tasks = order_store.tasks(work, order) if order else []
            for task in tasks:
                assert order is not None
                arrived = started(order, tasks, task)
                parts = (task.good, task.scrap, task.open_rework, task.remaining(arrived))
                assert min(parts) >= 0, (task.name, parts)
                assert sum(parts) == arrived

        self.office.read(look).result()

    @invariant()
    def lots_balance(self) -> None:
        """Received = issued + scrapped + on hand, and the living edges say where it went."""

        def look(work: Work) -> None:
            for lot in work.session.scalars(select(Lot).where(~Lot.void)):
                assert lot.on_hand >= 0
                assert lot.received == lot.issued + lot.scrapped + lot.on_hand
                gone = select(func.sum(Edge.quantity)).where(
                    Edge.parent_kind == "lot", Edge.parent_id == lot.id, ~Edge.void
                )
                assert (work.session.scalar(gone) or 0) == lot.issued

        self.office.read(look).result()

    def teardown(self) -> None:
        """State = sum of events."""
        differences, _events = self.office.read(verify.differences).result()
        assert differences == []


def _first_part(work: Work) -> str:
    """Return a material on the bill of TS-300."""
    order = work.session.scalars(select(WorkOrder).where(WorkOrder.code == "WO-1001")).one()
    line = work.session.scalars(select(BomLine).where(BomLine.bom_id == order.bom_id).limit(1)).one()
    return work.session.get_one(Material, line.material_id).code


@pytest.mark.slow
def test_any_order_of_any_acts_adds_up(plant: Office) -> None:
    class HereAndNow(Shift):
        def __init__(self) -> None:
            super().__init__(plant)

    run_state_machine_as_test(
        HereAndNow, settings=settings(max_examples=12, stateful_step_count=25, deadline=None)
    )
    done = plant.read(lambda work: set(work.session.scalars(select(Event.type)))).result()
    assert done >= {"work.reported", "lot.issued", "lot.inspected", "act.voided"}, "the walk went nowhere"
