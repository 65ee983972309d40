"""The past of one order: drafted, released, supplied, its pieces through every operation and into boxes."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from bot.load import supply
from bot.load.leaves import Change, Leaves
from bot.load.plant import EXACT, STEPS, Step
from bot.load.story import Story
from domain.models.container import ContainerStatus
from domain.models.genealogy import How
from domain.models.unit import StepResult, UnitStatus
from domain.models.work_order import OrderStatus, TaskStatus

TRAY: Final = 20
BOX: Final = 50


class OrderPast:
    """Everything that one order has left behind."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._rows = story.rows
        self._order = 0
        self._tasks: dict[int, int] = {}
        self._units: list[int] = []

    def leaves(self) -> Leaves:
        """Return the rows of this order by table."""
        supply.receive(self._story)
        self._rows.go_to(self._story.begins)
        self._release()
        supply.issue(self._story, order=self._order)
        self._commission()
        for at in range(len(STEPS)):
            for tray in range(0, len(self._units), TRAY):
                self._through(at, self._units[tray : tray + TRAY])
        self._pack()
        self._finish()
        return self._rows.leaves()

    def _release(self) -> None:
        self._story.someone("production")
        self._story.say(f"下达 {self._story.code}")
        self._order = self._rows.new_id()
        order = self._rows.make(
            "work_order",
            id=self._order,
            code=self._story.code,
            product_id=self._story.ground.product,
            quantity=Decimal(self._story.size.units),
            unit="个",
            due_at=self._story.begins + timedelta(days=3),
            line="L1",
            status=OrderStatus.RELEASED,
            route_id=self._story.ground.route,
            bom_id=self._story.ground.bom,
            released_at=self._rows.at,
        )
        self._rows.record("order.released", [order, *self._make_tasks()], data=self._story.named())

    def _make_tasks(self) -> Iterator[Change]:
        for step in STEPS:
            self._tasks[step.sequence] = ref = self._rows.new_id()
            yield self._rows.make(
                "operation_task",
                id=ref,
                order_id=self._order,
                sequence=step.sequence,
                code=step.code,
                name=step.name,
                department=step.department,
                operation_id=self._story.ground.operations[step.code],
                status=TaskStatus.READY if step is STEPS[0] else TaskStatus.WAITING,
            )

    def _commission(self) -> None:
        """Start the order and give its pieces their numbers, each with the lots it is made of."""
        self._story.someone("production", STEPS[0].station)
        self._story.say(f"生成序列号 {self._story.code} {self._story.size.units}")
        running = {"status": OrderStatus.RUNNING, "started_at": self._rows.at}
        started = self._rows.change("work_order", self._order, **running)
        self._rows.record("order.started", [started], data=self._story.named())
        exact = [it for it in supply.supplies(self._story) if it.part.confidence is EXACT]
        for piece in range(self._story.size.units):
            code = f"{self._story.code}-{piece + 1:04}"
            unit = self._new_unit(code)
            child = ("unit", self._units[-1])
            edges = [
                self._story.edge(("lot", it.ref), child, quantity=it.part.each, how=How.CONSUMED)
                for it in exact
            ]
            edges.append(self._story.edge(("order", self._order), child, quantity=Decimal(1), how=How.MADE))
            self._rows.record("unit.commissioned", [unit, *edges], data=self._story.named(unit=code))

    def _new_unit(self, code: str) -> Change:
        self._units.append(self._rows.new_id())
        return self._rows.make(
            "unit",
            id=self._units[-1],
            code=code,
            product_id=self._story.ground.product,
            order_id=self._order,
            status=UnitStatus.QUEUED,
            sequence=STEPS[0].sequence,
            made_at=self._rows.at,
        )

    def _through(self, at: int, tray: list[int]) -> None:
        """Take a tray of pieces into an operation and out of it: two messages, an event a piece and way."""
        step, after = STEPS[at], STEPS[at + 1] if at + 1 < len(STEPS) else None
        data = self._story.named(operation=step.name)
        self._story.someone(step.department, step.station)
        self._story.say(f"进站 {len(tray)} 件")
        for unit in tray:
            entered = self._rows.change("unit", unit, status=UnitStatus.IN_STATION, entered_at=self._rows.at)
            self._rows.record("unit.entered", [entered], data=data)
        self._story.say(f"过站 {len(tray)} 件")
        for unit in tray:
            done = self._step_of(unit, step)
            passed = self._rows.change("unit", unit, **_onward(after))
            changes = [passed, done, *self._count(step.sequence, after)]
            self._rows.record("unit.passed", changes, data=data)

    def _step_of(self, unit: int, step: Step) -> Change:
        return self._rows.make(
            "unit_step",
            unit_id=unit,
            task_id=self._tasks[step.sequence],
            sequence=step.sequence,
            result=StepResult.PASSED,
            entered_at=self._rows.look("unit", unit)["entered_at"],
            at=self._rows.at,
            person_id=self._rows.actor,
            station=step.station,
        )

    def _count(self, sequence: int, after: Step | None) -> Iterator[Change]:
        ref = self._tasks[sequence]
        good = self._rows.look("operation_task", ref)["good"] + 1
        status = TaskStatus.DONE if good == self._story.size.units else TaskStatus.RUNNING
        first = {"first_report_at": self._rows.at} if good == 1 else {}
        yield self._rows.change("operation_task", ref, good=good, status=status, **first)
        if after and good == 1:
            yield self._rows.change("operation_task", self._tasks[after.sequence], status=TaskStatus.READY)

    def _pack(self) -> None:
        for number, first in enumerate(range(0, len(self._units), BOX)):
            self._story.someone("production", "ST-204")
            code = f"LDBOX-{self._story.number + 1:06}-{number + 1}"
            self._story.say(f"装箱 {code}")
            self._fill(code, self._units[first : first + BOX])

    def _fill(self, code: str, units: list[int]) -> None:
        """Put pieces into a new box, each by an event of its own, and close it."""
        ref, data = self._rows.new_id(), self._story.named(container=code)
        new = [
            self._rows.make(
                "container",
                id=ref,
                code=code,
                product_id=self._story.ground.product,
                made_at=self._rows.at,
            )
        ]
        for unit in units:
            packed = self._rows.change("unit", unit, status=UnitStatus.PACKED)
            edge = self._story.edge(("unit", unit), ("container", ref), quantity=Decimal(1), how=How.PACKED)
            self._rows.record("container.packed", [*new, packed, edge], data=data)
            new = []
        closed = self._rows.change("container", ref, status=ContainerStatus.CLOSED)
        self._rows.record("container.closed", [closed], data=data)

    def _finish(self) -> None:
        self._story.someone("production")
        self._story.say(f"完工 {self._story.code}")
        ended = {"status": OrderStatus.COMPLETED, "completed_at": self._rows.at}
        change = self._rows.change("work_order", self._order, **ended)
        self._rows.record("order.completed", [change], data=self._story.named())


def _onward(after: Step | None) -> dict[str, Any]:
    if after is None:
        return {"status": UnitStatus.DONE, "entered_at": None}
    return {"status": UnitStatus.QUEUED, "sequence": after.sequence, "entered_at": None}
