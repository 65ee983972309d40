"""The past of one order: drafted, released, supplied, its pieces through every operation and into boxes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from bot.load.ground import Ground
from bot.load.leaves import EPOCH, MILLISECOND, Change, Collector, Leaves
from bot.load.plant import EXACT, PARTS, PRODUCT, STEP, STEPS, Part, Size, Step
from bot.load.shapes import Shape
from domain.ids import NODES
from domain.models.columns import plain
from domain.models.container import ContainerStatus
from domain.models.genealogy import Confidence, How
from domain.models.lot import LotStatus
from domain.models.unit import StepResult, UnitStatus
from domain.models.work_order import OrderStatus, TaskStatus

TRAY: Final = 20
BOX: Final = 50
TRAY_TIME: Final = timedelta(minutes=7)
SUPPLY: Final = timedelta(days=7)
SPARE: Final = Decimal("1.05")


@dataclass(frozen=True, kw_only=True)
class Supply:
    """The lot of a part from which an order is served, and what it had before."""

    ref: int
    code: str
    received: Decimal
    issued: Decimal
    first: int


class OrderPast:
    """Everything that order number `number` has left behind, the same for the same seed."""

    def __init__(self, ground: Ground, size: Size, shapes: dict[str, Shape], *, number: int) -> None:
        self._ground = ground
        self._size = size
        self._number = number
        self._random = Random(f"{size.seed}:{number}")  # noqa: S311 (a plant, no secret)
        self._begins = begins(size, number)
        self._rows = Collector(shapes, site=ground.site, node=_node(number))
        self._code = f"LD-{number + 1:06}"
        self._order = 0
        self._tasks: dict[int, int] = {}
        self._units: list[int] = []

    def leaves(self) -> Leaves:
        """Return the rows of this order by table."""
        self._supply()
        self._rows.go_to(self._begins)
        self._someone("production")
        self._release()
        self._issue()
        self._make_units()
        for step in STEPS:
            for tray in range(0, len(self._units), TRAY):
                self._through(step.sequence, self._units[tray : tray + TRAY])
        self._pack()
        self._finish()
        return self._rows.leaves()

    def _someone(self, department: str, place: str = "") -> None:
        self._rows.actor = self._random.choice(self._ground.people)
        self._rows.department, self._rows.place = department, place

    def _go_on(self, by: timedelta) -> None:
        self._rows.go_to(self._rows.at + by)

    def _say(self, text: str) -> None:
        self._go_on(TRAY_TIME * (0.5 + self._random.random()))
        self._rows.hear(text, chat=f"wecom:load-{self._number % 40}")

    def _supply(self) -> None:
        """Receive the lots of which this is the first order."""
        for at, part in enumerate(PARTS):
            if self._number % part.orders:
                continue
            supply = self._supplied(at, part)
            self._rows.go_to(self._begins - SUPPLY + timedelta(minutes=1))
            self._someone("warehouse")
            self._say(f"收料 {part.code} {supply.code}")
            received = self._rows.make(
                "lot",
                id=supply.ref,
                code=supply.code,
                lot_no=supply.code,
                material_id=self._ground.parts[part.code],
                supplier="负载供应商",
                unit="个",
                received=supply.received,
                on_hand=supply.received,
                place="LOC-A1",
                received_at=self._rows.at,
                status=LotStatus.IN_INSPECTION,
            )
            data = {"lot": supply.code, "material": part.code, "quantity": plain(supply.received)}
            self._rows.record("lot.received", [received], data=data)
            self._someone("quality")
            self._say(f"检验 {supply.code} 合格")
            passed = self._rows.change("lot", supply.ref, status=LotStatus.RELEASED)
            self._rows.record("lot.inspected", [passed], data=data)
            issued = self._each(part) * min(part.orders, self._size.orders - self._number)
            self._rows.change("lot", supply.ref, issued=issued, on_hand=supply.received - issued)

    def _each(self, part: Part) -> Decimal:
        return part.each * self._size.units

    def _supplied(self, at: int, part: Part) -> Supply:
        first = self._number - self._number % part.orders
        moment = begins(self._size, first) - SUPPLY
        ref = ((moment - EPOCH) // MILLISECOND << 22) | (_node(first) << 12) | (at + 1)
        return Supply(
            ref=ref,
            code=f"{part.code}-{first // part.orders + 1:05}",
            received=self._each(part) * part.orders * SPARE,
            issued=self._each(part) * (self._number - first),
            first=first,
        )

    def _release(self) -> None:
        self._say(f"下达 {self._code}")
        self._order = self._rows.new_id()
        order = self._rows.make(
            "work_order",
            id=self._order,
            code=self._code,
            product_id=self._ground.product,
            quantity=Decimal(self._size.units),
            unit="个",
            due_at=self._begins + timedelta(days=3),
            line="L1",
            status=OrderStatus.RELEASED,
            route_id=self._ground.route,
            bom_id=self._ground.bom,
            released_at=self._rows.at,
        )
        self._rows.record("order.released", [order, *self._make_tasks()], data=self._named())

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
                operation_id=self._ground.operations[step.code],
                status=TaskStatus.READY if step is STEPS[0] else TaskStatus.WAITING,
            )

    def _named(self, **more: Any) -> dict[str, Any]:
        return {"order": self._code, "product": PRODUCT, **more}

    def _issue(self) -> None:
        self._someone("warehouse")
        self._say(f"发料 {self._code}")
        for at, part in enumerate(PARTS):
            supply, taken = self._supplied(at, part), self._each(part)
            stood = {"issued": supply.issued, "on_hand": supply.received - supply.issued}
            stands = {"issued": supply.issued + taken, "on_hand": supply.received - supply.issued - taken}
            changes: list[Change] = [("lot", supply.ref, _plain(stood), _plain(stands))]
            if part.confidence is not EXACT:
                changes.append(self._edge("lot", supply.ref, "order", self._order, taken, part.confidence))
            data = self._named(lot=supply.code, material=part.code, quantity=plain(taken))
            self._rows.record("lot.issued", changes, data=data, about=[("work_order", self._order)])

    def _edge(
        self,
        parent: str,
        parent_id: int,
        child: str,
        child_id: int,
        quantity: Decimal,
        confidence: Confidence = EXACT,
        how: How = How.CONSUMED,
    ) -> Change:
        return self._rows.make(
            "edge",
            parent_kind=parent,
            parent_id=parent_id,
            child_kind=child,
            child_id=child_id,
            how=how,
            quantity=quantity,
            unit="个",
            confidence=confidence,
            made_at=self._rows.at,
        )

    def _make_units(self) -> None:
        self._someone("production", "ST-101")
        started = self._rows.change(
            "work_order", self._order, status=OrderStatus.RUNNING, started_at=self._rows.at
        )
        self._say(f"生成序列号 {self._code} {self._size.units}")
        self._rows.record("order.started", [started], data=self._named())
        exact = [(at, part) for at, part in enumerate(PARTS) if part.confidence is EXACT]
        supplies = [(self._supplied(at, part), part) for at, part in exact]
        for piece in range(self._size.units):
            ref, code = self._rows.new_id(), f"{self._code}-{piece + 1:04}"
            self._units.append(ref)
            unit = self._rows.make(
                "unit",
                id=ref,
                code=code,
                product_id=self._ground.product,
                order_id=self._order,
                status=UnitStatus.QUEUED,
                sequence=STEPS[0].sequence,
                made_at=self._rows.at,
            )
            edges = [self._edge("lot", it.ref, "unit", ref, part.each) for it, part in supplies]
            edges.append(self._edge("order", self._order, "unit", ref, Decimal(1), how=How.MADE))
            self._rows.record("unit.made", [unit, *edges], data=self._named(unit=code))

    def _through(self, sequence: int, tray: list[int]) -> None:
        """Take a tray of pieces into an operation and out of it: two messages, an event a piece and way."""
        at = next(index for index, step in enumerate(STEPS) if step.sequence == sequence)
        step, after = STEPS[at], STEPS[at + 1] if at + 1 < len(STEPS) else None
        self._someone(step.department, step.station)
        self._say(f"进站 {len(tray)} 件")
        for unit in tray:
            entered = self._rows.change("unit", unit, status=UnitStatus.IN_STATION)
            self._rows.record("unit.entered", [entered], data=self._named(operation=step.name))
        self._say(f"过站 {len(tray)} 件")
        for unit in tray:
            passed = self._rows.change("unit", unit, **_onward(after))
            done = self._rows.make(
                "unit_step",
                unit_id=unit,
                task_id=self._tasks[sequence],
                sequence=sequence,
                result=StepResult.PASSED,
                at=self._rows.at,
                person_id=self._rows.actor,
                station=step.station,
            )
            changes = [passed, done, *self._count(sequence, after)]
            self._rows.record("unit.passed", changes, data=self._named(operation=step.name))

    def _count(self, sequence: int, after: Step | None) -> Iterator[Change]:
        ref = self._tasks[sequence]
        good = self._rows.look("operation_task", ref)["good"] + 1
        status = TaskStatus.DONE if good == self._size.units else TaskStatus.RUNNING
        first = {"first_report_at": self._rows.at} if good == 1 else {}
        yield self._rows.change("operation_task", ref, good=good, status=status, **first)
        if after and good == 1:
            yield self._rows.change("operation_task", self._tasks[after.sequence], status=TaskStatus.READY)

    def _pack(self) -> None:
        for number, first in enumerate(range(0, len(self._units), BOX)):
            self._someone("production", "ST-204")
            code = f"LDBOX-{self._number + 1:06}-{number + 1}"
            self._say(f"装箱 {code}")
            ref = self._rows.new_id()
            box = self._rows.make(
                "container",
                id=ref,
                code=code,
                product_id=self._ground.product,
                made_at=self._rows.at,
            )
            self._rows.record("container.opened", [box], data=self._named(container=code))
            for unit in self._units[first : first + BOX]:
                packed = self._rows.change("unit", unit, status=UnitStatus.PACKED)
                edge = self._edge("unit", unit, "container", ref, Decimal(1), how=How.PACKED)
                self._rows.record("container.packed", [packed, edge], data=self._named(container=code))
            closed = self._rows.change("container", ref, status=ContainerStatus.CLOSED)
            self._rows.record("container.closed", [closed], data=self._named(container=code))

    def _finish(self) -> None:
        self._someone("production")
        self._say(f"完工 {self._code}")
        ended = self._rows.change(
            "work_order", self._order, status=OrderStatus.COMPLETED, completed_at=self._rows.at
        )
        self._rows.record("order.completed", [ended], data=self._named())


def begins(size: Size, number: int) -> datetime:
    """Return when an order begins."""
    return size.begins + number * STEP


def _onward(after: Step | None) -> dict[str, Any]:
    if after is None:
        return {"status": UnitStatus.DONE}
    return {"status": UnitStatus.QUEUED, "sequence": after.sequence}


def _node(number: int) -> int:
    return number % (NODES - 1) + 1


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}
