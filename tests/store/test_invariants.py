"""Whatever is said in whatever order: quantities, lots and events add up (domain.md, "always true")."""

import itertools
from decimal import Decimal
from functools import partial

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import func, select

from domain.actions import ending, lots, orders, production, release
from domain.models.flow import started
from domain.models.genealogy import Edge
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.routing import BomLine
from domain.models.work_order import WorkOrder
from domain.store import orders as order_store
from domain.store.office import Office
from domain.work import Work
from tests.store.speaking import Chat
from tests.store.walking import Walk, walked

PIECES = st.integers(0, 12)
STEPS = st.sampled_from(["焊接", "焊接", "组装", "测试", "包装"])
_numbers = itertools.count(5000)


class Shift(Walk):
    """One order of the demo plant's TS-300 and the lots received for it, in any order of any acts."""

    def __init__(self, office: Office) -> None:
        super().__init__(Chat(office))
        self.order = f"WO-{next(_numbers)}"
        self.lots: list[str] = []
        self.tries(partial(orders.draft, product="TS-300", quantity=Decimal(40), code=self.order))
        self.release()
        self.receive(quantity=150)
        self.tries(partial(lots.inspect, lot=self.lots[0], passed=True))

    @initialize(good=st.integers(1, 12), quantity=st.integers(1, 100))
    def a_day_has_begun(self, good: int, quantity: int) -> None:
        """Parts were issued, pieces made of them, and the last of it taken back."""
        self.issue(which=0, quantity=quantity)
        for operation in ("焊接", "组装"):
            self.report(operation=operation, good=good, scrap=0, rework=0)
        self.chat.takes_back()

    @rule()
    def release(self) -> None:
        self.tries(partial(release.release, order=self.order))

    @rule()
    def pause(self) -> None:
        self.tries(partial(orders.pause, order=self.order, reason="等料"))

    @rule()
    def resume(self) -> None:
        self.tries(partial(orders.resume, order=self.order))

    @rule()
    def complete(self) -> None:
        self.tries(partial(ending.complete, order=self.order))

    @rule(operation=STEPS, good=PIECES, scrap=PIECES, rework=st.integers(0, 5))
    def report(self, operation: str, good: int, scrap: int, rework: int) -> None:
        said = partial(production.report, order=self.order, operation=operation)
        self.tries(partial(said, good=Decimal(good), scrap=Decimal(scrap) / 4, rework=Decimal(rework)))

    @rule(quantity=st.integers(1, 200))
    def receive(self, quantity: int) -> None:
        lot = f"LOT-{next(_numbers)}"
        material = self.office.read(_first_part).result()
        job = partial(lots.receive, material=material, lot_no=lot, quantity=Decimal(quantity))
        if self.tries(job):
            self.lots.append(lot)

    @precondition(lambda self: self.lots)
    @rule(which=st.integers(0, 9), passed=st.booleans())
    def inspect(self, which: int, passed: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        self.tries(partial(lots.inspect, lot=self.lots[which % len(self.lots)], passed=passed))

    @precondition(lambda self: self.lots)
    @rule(which=st.integers(0, 9), quantity=st.integers(1, 120))
    def issue(self, which: int, quantity: int) -> None:
        lot = self.lots[which % len(self.lots)]
        self.tries(partial(lots.issue, lot=lot, quantity=Decimal(quantity), order=self.order))

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
            living = select(Edge.parent_id, func.sum(Edge.quantity)).where(
                Edge.parent_kind == "lot", ~Edge.void
            )
            rows = work.session.execute(living.group_by(Edge.parent_id))
            gone = {lot: total for lot, total in rows if total}
            for lot in work.session.scalars(select(Lot).where(~Lot.void)):
                assert lot.on_hand >= 0
                assert lot.received == lot.issued + lot.scrapped + lot.on_hand
                assert gone.get(lot.id, 0) == lot.issued

        self.office.read(look).result()


def _first_part(work: Work) -> str:
    """Return a material on the bill of TS-300."""
    order = work.session.scalars(select(WorkOrder).where(WorkOrder.code == "WO-1001")).one()
    line = work.session.scalars(select(BomLine).where(BomLine.bom_id == order.bom_id).limit(1)).one()
    return work.session.get_one(Material, line.material_id).code


@pytest.mark.slow
def test_any_order_of_any_acts_adds_up(plant: Office) -> None:
    done = walked(partial(Shift, plant), plant, walks=12, steps=25)
    assert done >= {"work.reported", "lot.issued", "lot.inspected", "act.voided"}, "the walk went nowhere"
