"""Whatever is done to orders of several levels, in whatever order: the rules of domain.md on them hold."""

import itertools
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import select

from domain.actions import (
    change_hold,
    ending,
    family,
    orders,
    outsourcing,
    production,
    release,
    routes,
    skipping,
)
from domain.models.flow import arrivals, overdrawn, room, started
from domain.models.journal import Event
from domain.models.lot import Lot
from domain.models.routing import Operation
from domain.models.work_order import OperationTask, OrderStatus, TaskStatus, WorkOrder
from domain.store import orders as order_store
from domain.store.office import Office
from domain.work import Work
from tests.store.speaking import MANAGER, Chat
from tests.store.walking import Walk, walked

PIECES = st.integers(0, 8)
STEPS = st.sampled_from(["组装", "涂覆", "测试", "老化", "贴标", "包装", "焊接", "贴片"])
WHICH = st.integers(0, 5)
WALKED = {"work.reported", "work.sent_out", "order.change_held", "route.changed", "act.voided"}
_numbers = itertools.count(7000)
Kind = type[WorkOrder] | type[OperationTask]


class Floor(Walk):
    """A gateway of the demo plant with its child orders, rework orders and changes."""

    def __init__(self, office: Office) -> None:
        super().__init__(Chat(office, roles={"manager", "engineer", "quality"}))
        first = f"WO-A{next(_numbers)}"
        self.orders = [first]
        self.tries(partial(orders.draft, product="GW-500", quantity=Decimal(10), code=first))
        self.tries(partial(release.release, order=first))

    def tries(self, job: Callable[[Work], Any], *, who: str = MANAGER) -> bool:
        done = super().tries(job, who=who)
        if done:
            self.orders = self.office.read(self._family).result()
        return done

    def _family(self, work: Work) -> list[str]:
        found = order_store.find(work, code=self.orders[0])
        mine = found.id if found else 0
        kin = (WorkOrder.parent_id == mine) | (WorkOrder.rework_of == mine)
        codes = work.session.scalars(select(WorkOrder.code).where(kin, ~WorkOrder.void)).all()
        return [self.orders[0], *sorted(codes)]

    def _one(self, which: int) -> str:
        return self.orders[which % len(self.orders)]

    @initialize(made=st.integers(2, 6), operation=STEPS, after=STEPS)
    def a_day_has_begun(self, made: int, operation: str, after: str) -> None:
        """Some are made, one of them is away to be coated, the route was changed; the last act is void."""
        self.report(which=0, operation="组装", good=made, scrap=0, rework=0)
        self.coat(sent=1, back=0)
        self.change(which=0, operation=operation, after=after, quantity=2, ends=True)
        self.chat.takes_back()

    @rule(which=WHICH)
    def release(self, which: int) -> None:
        self.tries(partial(release.release, order=self._one(which)))

    @rule(which=WHICH, what=st.sampled_from([orders.make_ready, orders.start, orders.resume, ending.submit]))
    def go_on(self, which: int, what: Callable[..., Any]) -> None:
        self.tries(partial(what, order=self._one(which)))

    @rule(which=WHICH, what=st.sampled_from([orders.pause, change_hold.hold, ending.reopen]))
    def stop(self, which: int, what: Callable[..., Any]) -> None:
        self.tries(partial(what, order=self._one(which), reason="有事"))

    @rule(which=WHICH, what=st.sampled_from([change_hold.let_go, ending.complete, ending.close]))
    def end(self, which: int, what: Callable[..., Any]) -> None:
        self.tries(partial(what, order=self._one(which)))

    @rule(which=st.integers(1, 20))
    def cancel(self, which: int) -> None:
        if which % 7 == 0:
            self.tries(partial(ending.cancel, order=self._one(which), reason="不要了"))

    @rule(which=WHICH, operation=STEPS, good=PIECES, scrap=st.integers(0, 2), rework=st.integers(0, 2))
    def report(self, which: int, operation: str, good: int, scrap: int, rework: int) -> None:
        said = partial(production.report, order=self._one(which), operation=operation)
        self.tries(partial(said, good=Decimal(good), scrap=Decimal(scrap), rework=Decimal(rework)))

    @rule(which=WHICH)
    def report_all(self, which: int) -> None:
        """Everything that is there, at every operation: otherwise hardly any order would ever end."""
        for operation in ("贴片", "焊接", "组装", "涂覆", "测试", "老化", "包装"):
            self.tries(partial(self._rest, order=self._one(which), operation=operation))

    @staticmethod
    def _rest(work: Work, *, order: str, operation: str) -> None:
        found = order_store.lock(work, code=order)
        tasks = order_store.tasks(work, found)
        task = production.task_named(found, tasks, operation)
        left = task.waiting(arrivals(found, tasks)[task.sequence])
        if operation == "涂覆":
            outsourcing.send(work, order=order, operation=operation, quantity=left - task.outside)
            outsourcing.take_back(work, order=order, operation=operation, good=left)
        else:
            production.report(work, order=order, operation=operation, good=left)

    @rule(sent=PIECES, back=PIECES)
    def coat(self, sent: int, back: int) -> None:
        on = partial(outsourcing.send, order=self.orders[0], operation="涂覆")
        self.tries(partial(on, quantity=Decimal(sent)))
        off = partial(outsourcing.take_back, order=self.orders[0], operation="涂覆")
        self.tries(partial(off, good=Decimal(back)))

    @rule(which=WHICH, operation=STEPS)
    def skip(self, which: int, operation: str) -> None:
        if which % 3 == 0:
            self.tries(partial(skipping.skip, order=self._one(which), operation=operation, reason="免"))

    @rule()
    def children(self) -> None:
        self.tries(partial(family.draft_children, order=self.orders[0]))

    @rule(which=WHICH, quantity=st.integers(1, 4), operation=st.sampled_from(["", "测试"]))
    def rework(self, which: int, quantity: int, operation: str) -> None:
        job = partial(family.open_rework, order=self._one(which), quantity=Decimal(quantity))
        self.tries(partial(job, operation=operation))

    @rule(which=WHICH, operation=STEPS, after=STEPS, quantity=st.integers(0, 3), ends=st.booleans())
    def change(self, which: int, operation: str, after: str, quantity: int, ends: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        order = self._one(which)
        self.tries(partial(orders.start, order=order))
        self.tries(partial(change_hold.hold, order=order, reason="变更"))
        self.tries(partial(routes.add_operation, order=order, operation=operation, after=after))
        amount = partial(routes.set_amount, order=order, material="PK-S")
        self.tries(partial(amount, quantity=Decimal(quantity)))
        if ends:
            self.tries(partial(change_hold.let_go, order=order))

    @invariant()
    def the_rules_hold(self) -> None:
        """Invariants 1 and 8, and that what stands outside or was made is there."""
        for code in self.orders:
            self.office.read(partial(check, code=code)).result()


def check(work: Work, *, code: str) -> None:
    """What must hold of one order."""
    order = order_store.find(work, code=code)
    if order is None:
        return  # taken back
    tasks = order_store.tasks(work, order)
    arrived = arrivals(order, tasks)
    for task in tasks:
        begun = started(order, tasks, task)
        parts = (task.good, task.scrap, task.open_rework, task.remaining(begun))
        assert min(parts) >= 0, (code, task.name, parts)
        assert not task.counts or sum(parts) == begun
        assert not task.counts or task.used <= room(order, arrived[task.sequence])
        assert 0 <= task.outside <= task.waiting(arrived[task.sequence]) or not task.counts
        assert task.operation_id is not None
        frozen = work.session.get_one(Operation, task.operation_id)
        assert frozen.route_id == order.route_id
    assert overdrawn(order, tasks) is None
    assert (order.status is OrderStatus.CHANGE_HOLD) == (order.held_from is not None)
    made = work.session.scalars(select(Lot).where(Lot.made_by == order.id, ~Lot.void)).all()
    assert len(made) <= 1
    assert all(lot.on_hand >= 0 for lot in made)


def moves_seen(work: Work, kind: Kind) -> set[tuple[str, str]]:
    """Return every move of a status that any event which voids nothing has made."""
    table, seen = kind.__tablename__, set()
    for event in work.session.scalars(select(Event).where(Event.void_of.is_(None))):
        for key, after in event.after.get(table, {}).items():
            before = (event.before.get(table, {}).get(key) or {}).get("status")
            if before and after.get("status") not in (None, before):
                seen.add((before, after["status"]))
    return seen


def reachable(kind: Any, status: Any) -> set[Any]:
    """Return what one act may bring a status to: several moves in a row, as a first report makes them."""
    found: set[Any] = set()
    waiting = [status]
    while waiting:
        for to in kind.MOVES[waiting.pop()] - found:
            found.add(to)
            waiting.append(to)
    return found


@pytest.mark.slow
def test_orders_in_any_order_of_any_acts(plant: Office) -> None:
    done = walked(partial(Floor, plant), plant, walks=25, steps=40)
    assert done >= WALKED, done
    for kind, statuses in ((WorkOrder, OrderStatus), (OperationTask, TaskStatus)):
        seen = plant.read(partial(moves_seen, kind=kind)).result()
        assert seen, kind
        for before, after in seen:
            assert statuses(after) in reachable(kind, statuses(before)), (kind, before, after)
