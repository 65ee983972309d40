"""What may be said of orders: drafted, released, reported, cancelled, changed, skipped."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule

from domain.actions import (
    change_hold,
    ending,
    family,
    orders,
    outsourcing,
    production,
    release,
    rescheduling,
    routes,
    skipping,
)
from domain.work import Work
from tests.machine.plant import LEADER, NIGHT, PEOPLE, WHICH, Acting, Person

OPEN = ("released", "ready", "running")
PIECES = st.integers(0, 7)
PRODUCTS = st.sampled_from(["TS-300", "GW-500", "LD-50", "CB-100", "没有这个"])
STEPS = st.sampled_from(["焊接", "组装", "测试", "包装", "贴片", "涂覆", "老化", "贴标"])
MATERIALS = st.sampled_from(["PR-PT100", "CASE-TS", "LED-2835W", "WIRE-08", "CB-100", "没有这个"])
FITTING = {
    "release": ("draft",),
    "ready": ("released",),
    "start": ("released", "ready"),
    "resume": ("paused",),
    "submit": ("running",),
    "complete": ("running", "in_review"),
    "close": ("completed",),
    "let go": ("change_hold",),
    "pause": ("running",),
    "cancel": ("draft", "released", "running", "paused"),
    "reopen": ("completed",),
    "hold": ("ready", "running", "paused"),
}
LIFE = {
    "release": release.release,
    "ready": orders.make_ready,
    "start": orders.start,
    "resume": orders.resume,
    "submit": ending.submit,
    "complete": ending.complete,
    "close": ending.close,
    "let go": change_hold.let_go,
}
STOPS = {
    "pause": orders.pause,
    "cancel": ending.cancel,
    "reopen": ending.reopen,
    "hold": change_hold.hold,
}


def _due_in(work: Work, *, order: str, days: int) -> object:
    return rescheduling.reschedule(work, order=order, due_at=work.now + timedelta(days=days))


class Orders(Acting):
    """Acts on work orders."""

    @rule(who=PEOPLE, product=PRODUCTS, quantity=st.integers(1, 9))
    def draft(self, who: Person, product: str, quantity: int) -> None:
        self.act(who, partial(orders.draft, product=product, quantity=Decimal(quantity)))

    @rule(who=PEOPLE, which=WHICH, verb=st.sampled_from(sorted(LIFE)))
    def move_on(self, who: Person, which: int, verb: str) -> None:
        job: Any = LIFE[verb]
        order = self.of("work_order", which, among=lambda it: it.status in FITTING[verb])
        self.act(who, partial(job, order=order))

    @rule(
        who=PEOPLE, which=WHICH, verb=st.sampled_from(["pause", "cancel", "reopen", "reopen", "hold", "hold"])
    )
    def stop(self, who: Person, which: int, verb: str) -> None:
        job: Any = STOPS[verb]
        order = self.of("work_order", which, among=lambda it: it.status in FITTING[verb])
        self.act(who, partial(job, order=order, reason="换线"))

    @rule(who=PEOPLE, which=WHICH, days=st.integers(-1, 3))
    def reschedule(self, who: Person, which: int, days: int) -> None:
        order = self.of("work_order", which)
        self.act(who, partial(_due_in, order=order, days=days))

    @rule(who=PEOPLE, which=WHICH, step=STEPS, good=PIECES, scrap=PIECES, rework=PIECES)
    def report(self, who: Person, which: int, step: str, good: int, scrap: int, rework: int) -> None:
        pieces: dict[str, Any] = {
            "good": Decimal(good),
            "scrap": Decimal(scrap // 4),
            "rework": Decimal(rework // 4),
        }
        order = self.of("work_order", which, among=lambda it: it.status in OPEN)
        self.act(who, partial(production.report, order=order, operation=step, **pieces))

    @rule(which=WHICH, bad=st.booleans())
    def report_next(self, which: int, bad: bool) -> None:  # noqa: FBT001 (drawn by hypothesis)
        """Report what is left at the first operation that is open."""
        order = self.of("work_order", which, among=lambda it: it.status in OPEN)
        self._report_next(order, bad=bad)

    @rule(which=WHICH)
    def finish(self, which: int) -> None:
        """Report an order through to its end and complete it."""
        order = self.of("work_order", which, among=lambda it: it.status in OPEN)
        for _ in range(5):
            self._report_next(order, bad=False)
        self.act(LEADER, partial(ending.complete, order=order))

    def _report_next(self, order: str, *, bad: bool) -> None:
        found = next((it for it in self.now.living("work_order") if it.code == order), None)
        tasks = [it for it in self.now.living("operation_task") if found and it.order_id == found.id]
        opened = [it for it in tasks if it.status in ("ready", "running")]
        if found is None or not opened:
            return
        task = min(opened, key=lambda it: it.sequence)
        before = [
            it.good for it in tasks if it.sequence < task.sequence and it.status not in ("skipped", "merged")
        ]
        left = min([found.quantity, *before]) - task.good - task.scrap
        pieces: dict[str, Any] = {"good": max(left - bad, Decimal(0)), "scrap": Decimal(bad)}
        if task.code == "coat":
            said = {"order": order, "operation": task.name}
            self.act(LEADER, partial(outsourcing.send, **said, quantity=left - task.outside))
            self.act(LEADER, partial(outsourcing.take_back, **said, **pieces))
            return
        who = NIGHT if task.code == "smt" else LEADER
        self.act(who, partial(production.report, order=order, operation=task.name, **pieces))

    @rule(who=PEOPLE, which=WHICH, pieces=PIECES, back=st.booleans())
    def outside(self, who: Person, which: int, pieces: int, back: bool) -> None:  # noqa: FBT001 (drawn)
        coated = {it.order_id for it in self.now.living("operation_task") if it.code == "coat"}
        order = self.of("work_order", which, among=lambda it: it.id in coated)
        said: dict[str, Any] = {"order": order, "operation": "涂覆"}
        if back:
            self.act(who, partial(outsourcing.take_back, **said, good=Decimal(pieces)))
        else:
            self.act(who, partial(outsourcing.send, **said, quantity=Decimal(pieces)))

    @rule(who=PEOPLE, which=WHICH, step=STEPS)
    def skip(self, who: Person, which: int, step: str) -> None:
        order = self.of("work_order", which, among=lambda it: it.status in OPEN)
        self.act(who, partial(skipping.skip, order=order, operation=step, reason="没有设备"))

    @rule(who=PEOPLE, which=WHICH, quantity=st.integers(0, 5))
    def children(self, who: Person, which: int, quantity: int) -> None:
        order = self.of("work_order", which)
        self.act(who, partial(family.draft_children, order=order, quantity=Decimal(quantity) or None))

    @rule(who=PEOPLE, which=WHICH, quantity=st.integers(0, 5), step=STEPS, whole=st.booleans())
    def rework(self, who: Person, which: int, quantity: int, step: str, whole: bool) -> None:  # noqa: FBT001 (drawn)
        order = self.of("work_order", which)
        operation = "" if whole else step
        self.act(
            who, partial(family.open_rework, order=order, quantity=Decimal(quantity), operation=operation)
        )

    @rule(who=PEOPLE, which=WHICH, step=STEPS, after=STEPS)
    def add_operation(self, who: Person, which: int, step: str, after: str) -> None:
        order = self.of("work_order", which, among=lambda it: it.status == "change_hold")
        self.act(who, partial(routes.add_operation, operation=step, after=after, order=order))

    @rule(who=PEOPLE, which=WHICH, material=MATERIALS, step=STEPS, tenths=st.integers(0, 30))
    def set_amount(self, who: Person, which: int, material: str, step: str, tenths: int) -> None:
        order = self.of("work_order", which, among=lambda it: it.status == "change_hold")
        said: dict[str, Any] = {
            "material": material,
            "quantity": Decimal(tenths) / 10,
            "order": order,
            "operation": step,
        }
        self.act(who, partial(routes.set_amount, **said))

    @rule(who=PEOPLE, product=PRODUCTS, step=STEPS, after=STEPS)
    def change_route(self, who: Person, product: str, step: str, after: str) -> None:
        self.act(who, partial(routes.add_operation, operation=step, after=after, product=product))
