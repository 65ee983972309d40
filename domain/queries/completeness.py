"""完整性: what the trace of an order lacks against the levels agreed for its product.

Our reading of IPC-1782 (its tables are not public): material 1 part and incoming lot per order, 2 so much of
each part per order as its pieces need, 3 lots per piece, 4 lots per piece and position; process 1 nothing
besides what is called, 2 key values per order, 3 each piece at each operation with person and machine,
4 every value of every piece. An operation may demand a process level of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from domain.errors import NotFound
from domain.models.finding import FindingKind
from domain.models.genealogy import Confidence, Edge, How
from domain.models.lot import Lot
from domain.models.material import Material, Tracking
from domain.models.routing import BomLine, Operation
from domain.models.unit import Measurement, Unit, UnitStatus, UnitStep
from domain.models.work_order import OperationTask, WorkOrder
from domain.store import findings, orders, routes
from domain.work import Work

ZERO: Final = Decimal(0)
PER_ORDER, QUANTITY, PER_UNIT, PER_POSITION = 1, 2, 3, 4
VALUES, STEPS, ALL_VALUES = 2, 3, 4
GONE: Final = (UnitStatus.SCRAPPED,)


@dataclass(frozen=True, kw_only=True)
class Demand:
    """One thing that the trace must have: so many of, and how many are there; `what` names it."""

    kind: FindingKind
    sequence: int
    operation: str
    what: str
    there: Decimal
    of: Decimal

    @property
    def missing(self) -> Decimal:
        """How many are not there."""
        return max(self.of - self.there, ZERO)

    def cause(self, order_id: int) -> str:
        """Return what makes this lack one finding."""
        return f"{order_id}:{self.kind}:{self.sequence}:{self.what}"[:120]


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """How complete the trace of an order is: its levels, the share that is there, and the gaps.

    `waived` are gaps that somebody let pass; they are not in `gaps`. `open_skips` are operations that pieces
    have missed and nobody has answered for.
    """

    order: str
    material: int
    process: int
    percent: int
    gaps: tuple[Demand, ...]
    waived: tuple[Demand, ...]
    open_skips: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that was not let pass."""
        return not self.gaps and not self.open_skips


@dataclass(frozen=True)
class _Seen:
    """What is asked of one order: its pieces that count, its operations and what goes into it."""

    work: Work
    order: WorkOrder
    tasks: Sequence[OperationTask]
    rules: Mapping[int, Operation]
    lines: Sequence[tuple[BomLine, Material]]
    pieces: int

    def level(self, task: OperationTask) -> int:
        """Return the process level demanded at an operation."""
        rule = self.rules.get(task.operation_id or 0)
        return max(self.order.trace_process, rule.trace_process if rule else 0)

    def task(self, operation: str) -> OperationTask | None:
        """Return the task of an operation (code)."""
        return next((it for it in self.tasks if it.code == operation and it.counts), None)


def of_order(work: Work, *, code: str) -> Completeness:
    """Return what the trace of an order has and lacks; raises NotFound."""
    found = orders.find(work, code=code)
    if found is None:
        raise NotFound(kind="order", code_text=code)
    return completeness(work, found)


def completeness(work: Work, order: WorkOrder) -> Completeness:
    """Return what the trace of an order has and lacks."""
    work.session.flush()
    seen = _seen(work, order)
    demands = [*_material(seen), *_process(seen)]
    let_pass = findings.waived(work, order_id=order.id)
    gaps = [it for it in demands if it.missing and it.cause(order.id) not in let_pass]
    skips = [it for it in findings.open_of_order(work, order_id=order.id) if it.unit_id is not None]
    return Completeness(
        order=order.code,
        material=order.trace_material,
        process=max([order.trace_process, *(seen.level(task) for task in seen.tasks)]),
        percent=_percent(demands, skips=len(skips)),
        gaps=tuple(gaps),
        waived=tuple(it for it in demands if it.missing and it.cause(order.id) in let_pass),
        open_skips=len(skips),
    )


def _percent(demands: Sequence[Demand], *, skips: int) -> int:
    """Return the share that is there; only what is whole is 100."""
    shares = [min(it.there / it.of, Decimal(1)) for it in demands if it.of] + [ZERO] * skips
    return int(sum(shares) * 100 / len(shares)) if shares else 100


def _seen(work: Work, order: WorkOrder) -> _Seen:
    pieces = select(func.count()).select_from(Unit).where(*_of(order))
    return _Seen(
        work,
        order,
        [task for task in orders.tasks(work, order) if task.counts],
        {it.id: it for it in routes.operations(work, route_id=order.route_id or 0)},
        routes.bom_lines(work, bom_id=order.bom_id or 0),
        work.session.scalars(pieces).one(),
    )


def _of(order: WorkOrder) -> tuple[ColumnElement[bool], ...]:
    """Return what the pieces of an order are whose trace must be whole: not scrapped, not divided panels."""
    return (Unit.order_id == order.id, Unit.pieces > 0, Unit.status.not_in(GONE), ~Unit.void)


def _material(seen: _Seen) -> Iterator[Demand]:
    level = seen.order.trace_material
    for line, material in seen.lines if level else ():
        task = seen.task(line.operation)
        if task is None or material.tracking is Tracking.NONE or not task.good + task.scrap:
            continue
        given: dict[str, Any] = {
            "kind": FindingKind.MISSING_LOT,
            "sequence": task.sequence,
            "operation": task.name,
            "what": material.code,
        }
        if level == PER_ORDER:
            there = Decimal(1) if _used(seen, line) else ZERO
            yield Demand(**given, there=there, of=Decimal(1))
        elif level == QUANTITY or not seen.pieces:
            yield Demand(**given, there=_used(seen, line), of=(task.good + task.scrap) * line.quantity)
        else:
            of = Decimal(seen.pieces)
            if level == PER_POSITION and line.positions:
                of *= len(line.positions)
            yield Demand(**given, there=_exact(seen, line, by_position=level == PER_POSITION), of=of)


def _lots(line: BomLine) -> ColumnElement[bool]:
    able = [line.material_id, *(int(it) for it in line.alternates or ())]
    return Edge.parent_id.in_(select(Lot.id).where(Lot.material_id.in_(able)))


def _used(seen: _Seen, line: BomLine) -> Decimal:
    """Return how much of a material the edges say went into the order or its pieces."""
    into_pieces = select(Unit.id).where(Unit.order_id == seen.order.id, ~Unit.void)
    into = ((Edge.child_kind == "order") & (Edge.child_id == seen.order.id)) | (
        (Edge.child_kind == "unit") & Edge.child_id.in_(into_pieces)
    )
    query = select(func.sum(Edge.quantity)).where(
        Edge.parent_kind == "lot", _lots(line), into, Edge.how == How.CONSUMED, ~Edge.void
    )
    return seen.work.session.scalars(query).one() or ZERO


def _exact(seen: _Seen, line: BomLine, *, by_position: bool) -> Decimal:
    """Return how many pieces (or positions of pieces) have an exact edge from a material."""
    whole = Edge.child_id if not by_position or not line.positions else (Edge.child_id, Edge.position)
    columns = whole if isinstance(whole, tuple) else (whole,)
    made = select(Unit.id).where(Unit.product_id == line.material_id, ~Unit.void)
    parts = ((Edge.parent_kind == "lot") & _lots(line)) | (
        (Edge.parent_kind == "unit") & Edge.parent_id.in_(made)
    )
    found = (
        select(*columns)
        .where(Edge.child_kind == "unit", Edge.child_id.in_(select(Unit.id).where(*_of(seen.order))))
        .where(parts, Edge.confidence == Confidence.EXACT, Edge.ended_at.is_(None), ~Edge.void)
        .distinct()
        .subquery()
    )
    return Decimal(seen.work.session.scalars(select(func.count()).select_from(found)).one())


def _process(seen: _Seen) -> Iterator[Demand]:
    for task in seen.tasks:
        level, rule = seen.level(task), seen.rules.get(task.operation_id or 0)
        given: dict[str, Any] = {
            "kind": FindingKind.MISSING_DATA,
            "sequence": task.sequence,
            "operation": task.name,
        }
        if level >= STEPS and seen.pieces and not (rule and rule.optional):
            of = Decimal(_counted(seen, Unit.first_sequence <= task.sequence))
            yield Demand(**given, what="过站", there=Decimal(_stepped(seen, task, rule)), of=of)
        for wanted in rule.data if rule and level >= VALUES else ():
            name = str(wanted["name"])
            if level >= ALL_VALUES and seen.pieces:
                yield Demand(**given, what=name, there=_valued(seen, task, name), of=Decimal(seen.pieces))
            elif task.used:
                there = Decimal(1) if _any_value(seen, task, name) else ZERO
                yield Demand(**given, what=name, there=there, of=Decimal(1))


def _counted(seen: _Seen, which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Unit).where(*_of(seen.order), which)
    return int(seen.work.session.scalars(query).one())


def _stepped(seen: _Seen, task: OperationTask, rule: Operation | None) -> int:
    """Return how many pieces went through an operation with a person, and a machine if one is asked for."""
    query = (
        select(func.count(UnitStep.unit_id.distinct()))
        .join(Unit, Unit.id == UnitStep.unit_id)
        .where(UnitStep.task_id == task.id, ~UnitStep.void, UnitStep.person_id.is_not(None), *_of(seen.order))
    )
    if rule and rule.equipment_kind:
        query = query.where(UnitStep.equipment != "")
    return int(seen.work.session.scalars(query).one())


def _valued(seen: _Seen, task: OperationTask, name: str) -> Decimal:
    query = (
        select(func.count(Measurement.unit_id.distinct()))
        .join(Unit, Unit.id == Measurement.unit_id)
        .where(Measurement.task_id == task.id, Measurement.name == name, ~Measurement.void, *_of(seen.order))
    )
    return Decimal(seen.work.session.scalars(query).one())


def _any_value(seen: _Seen, task: OperationTask, name: str) -> bool:
    query = select(Measurement.id).where(
        Measurement.task_id == task.id, Measurement.name == name, ~Measurement.void
    )
    return seen.work.session.scalars(query.limit(1)).first() is not None
