"""Serial-numbered pieces: found by code, locked under their order, with the steps they went through."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import exists, func, or_, select

from domain.errors import NotFound
from domain.models.genealogy import Edge, How
from domain.models.unit import Measurement, StepResult, Unit, UnitStatus, UnitStep
from domain.models.work_order import OperationTask, WorkOrder
from domain.work import Work

FINISHED: Final = (UnitStatus.DONE, UnitStatus.PACKED, UnitStatus.SHIPPED, UnitStatus.RETURNED)
GOOD: Final = (StepResult.PASSED, StepResult.SKIPPED)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A code that a piece has, and the order it belongs to."""

    id: int
    code: str
    order_id: int
    order: str


def known(work: Work, codes: Collection[str]) -> dict[str, Known]:
    """Return the pieces that have these codes."""
    query = (
        select(Unit.id, Unit.code, Unit.order_id, WorkOrder.code)
        .join(WorkOrder, WorkOrder.id == Unit.order_id)
        .where(Unit.site_id == work.site_id, Unit.code.in_(list(codes)), ~Unit.void)
    )
    rows = work.session.execute(query).all()
    return {code: Known(id=ref, code=code, order_id=of, order=order) for ref, code, of, order in rows}


def find(work: Work, *, code: str) -> Unit | None:
    """Return a piece, or None."""
    query = select(Unit).where(Unit.site_id == work.site_id, Unit.code == code, ~Unit.void)
    return work.session.scalars(query).first()


def lock_under(work: Work, *, codes: Sequence[str]) -> list[Unit]:
    """Return these pieces locked, in this order; who changes one locks its order first. Raises NotFound."""
    found = known(work, codes)
    for code in codes:
        if code not in found:
            raise NotFound(kind="unit", code_text=code)
    orders = sorted({it.order_id for it in found.values()})
    rows = select(WorkOrder).where(WorkOrder.id.in_(orders)).order_by(WorkOrder.id)
    work.session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()
    locked = lock_all(work, [it.id for it in found.values()])
    return [locked[found[code].id] for code in dict.fromkeys(codes)]


def lock_all(work: Work, ids: Collection[int]) -> dict[int, Unit]:
    """Return pieces by id, locked and read afresh."""
    query = select(Unit).where(Unit.id.in_(list(ids))).order_by(Unit.id)
    rows = work.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {unit.id: unit for unit in rows}


def numbered(work: Work, *, order_id: int) -> int:
    """Return for how many pieces of an order there are serial numbers."""
    query = select(func.sum(Unit.pieces)).where(Unit.order_id == order_id, ~Unit.void)
    return int(work.session.scalars(query).one() or 0)


def standing(work: Work, *, order_id: int) -> Mapping[UnitStatus, Decimal]:
    """Return of how many pieces of an order the numbers stand where."""
    query = select(Unit.status, func.sum(Unit.pieces)).where(Unit.order_id == order_id, ~Unit.void)
    work.session.flush()
    return {status: Decimal(pieces) for status, pieces in work.session.execute(query.group_by(Unit.status))}


def last_code(work: Work, *, stem: str) -> str:
    """Return the highest code that begins so, void ones too; empty where there is none."""
    query = select(func.max(Unit.code)).where(Unit.site_id == work.site_id, Unit.code.startswith(stem))
    return work.session.scalars(query).one() or ""


def newest_step(work: Work, *, unit_ids: Collection[int]) -> Mapping[int, tuple[datetime, str, int | None]]:
    """Return of each piece when, at which station and by whom it went through an operation last."""
    query = (
        select(UnitStep.unit_id, UnitStep.at, UnitStep.station, UnitStep.person_id)
        .where(UnitStep.unit_id.in_(list(unit_ids)), ~UnitStep.void)
        .order_by(UnitStep.at, UnitStep.id)
    )
    return {ref: (at, station, person) for ref, at, station, person in work.session.execute(query)}


def been_through(work: Work, *, unit_ids: Collection[int]) -> dict[int, dict[int, tuple[int, datetime]]]:
    """Return of each piece the operations it has been through well: sequence -> (round, when)."""
    whose = _whose_steps(work, unit_ids)
    query = (
        select(UnitStep.unit_id, UnitStep.sequence, UnitStep.round, UnitStep.at)
        .where(UnitStep.unit_id.in_(list(whose)), UnitStep.result.in_(GOOD), ~UnitStep.void)
        .order_by(UnitStep.round)
    )
    found: dict[int, dict[int, tuple[int, datetime]]] = {}
    for ref, sequence, turn, at in work.session.execute(query):
        for of in whose[ref]:
            found.setdefault(of, {})[sequence] = (turn, at)
    return found


def been_at(work: Work, *, unit_ids: Collection[int]) -> dict[int, set[int]]:
    """Return of each piece the operations it has been at, whatever came of it: their sequences."""
    if not unit_ids:
        return {}
    whose = _whose_steps(work, unit_ids)
    query = select(UnitStep.unit_id, UnitStep.sequence).distinct()
    query = query.where(UnitStep.unit_id.in_(list(whose)), ~UnitStep.void)
    found: dict[int, set[int]] = {}
    for ref, sequence in work.session.execute(query):
        for of in whose[ref]:
            found.setdefault(of, set()).add(sequence)
    return found


def _whose_steps(work: Work, unit_ids: Collection[int]) -> dict[int, list[int]]:
    """Return whose steps are those of which pieces: each has its own, a board those of its panel too."""
    found = {ref: [ref] for ref in unit_ids}
    query = select(Edge.parent_id, Edge.child_id).where(
        Edge.child_kind == "unit", Edge.child_id.in_(list(unit_ids)), Edge.how == How.DIVIDED, ~Edge.void
    )
    for panel, board in work.session.execute(query):
        found.setdefault(panel, []).append(board)
    return found


def values_of(
    work: Work, *, task_id: int, unit_ids: Collection[int]
) -> dict[int | None, dict[str, tuple[Decimal, bool]]]:
    """Return the newest values at an operation of pieces and (None) of the batch: name -> (value, good)."""
    query = (
        select(Measurement.unit_id, Measurement.name, Measurement.value, Measurement.in_limits)
        .where(Measurement.task_id == task_id, ~Measurement.void)
        .where(Measurement.unit_id.in_(list(unit_ids)) | Measurement.unit_id.is_(None))
        .order_by(Measurement.at, Measurement.id)
    )
    found: dict[int | None, dict[str, tuple[Decimal, bool]]] = {}
    for ref, name, value, inside in work.session.execute(query):
        found.setdefault(ref, {})[name] = (value, inside)
    return found


def measured_and_passed(work: Work, *, measurements: Collection[int], besides: Collection[int]) -> bool:
    """Say whether a piece has gone through its operation since one of these values (ids) was entered.

    The steps `besides` (ids) are not looked at.
    """
    if not measurements:
        return False
    query = (
        select(UnitStep.id)
        .join(
            Measurement, (Measurement.unit_id == UnitStep.unit_id) & (Measurement.task_id == UnitStep.task_id)
        )
        .where(Measurement.id.in_(measurements), UnitStep.at >= Measurement.at)
        .where(UnitStep.result == StepResult.PASSED, UnitStep.id.not_in(besides), ~UnitStep.void)
    )
    return work.session.scalars(query.limit(1)).first() is not None


def gone_past(work: Work, *, tasks: Collection[int]) -> bool:
    """Say whether pieces stand behind one of these operations (ids) without having been through it."""
    if not tasks:
        return False
    through = exists().where(
        UnitStep.unit_id == Unit.id, UnitStep.task_id == OperationTask.id, ~UnitStep.void
    )
    query = (
        select(Unit.id)
        .join(OperationTask, OperationTask.order_id == Unit.order_id)
        .where(OperationTask.id.in_(tasks), ~Unit.void, Unit.pieces > 0, ~through)
        .where(Unit.first_sequence <= OperationTask.sequence)
        .where(or_(Unit.sequence > OperationTask.sequence, Unit.status.in_(FINISHED)))
    )
    return work.session.scalars(query.limit(1)).first() is not None


def steps_over(work: Work, *, task_id: int, unit_ids: Collection[int]) -> Sequence[UnitStep]:
    """Return the steps by which these pieces went past an operation without going through it."""
    query = select(UnitStep).where(UnitStep.task_id == task_id, UnitStep.result == StepResult.SKIPPED)
    return work.session.scalars(query.where(UnitStep.unit_id.in_(list(unit_ids)), ~UnitStep.void)).all()


def of_order(work: Work, *, order_id: int) -> Sequence[Unit]:
    """Return the pieces of an order, locked."""
    query = select(Unit).where(Unit.order_id == order_id, ~Unit.void).order_by(Unit.id)
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def steps_of_order(work: Work, *, order_id: int) -> Sequence[UnitStep]:
    """Return what the pieces of an order went through, the highest operation first."""
    query = select(UnitStep).join(Unit, Unit.id == UnitStep.unit_id).where(Unit.order_id == order_id)
    return work.session.scalars(query.where(~UnitStep.void).order_by(UnitStep.sequence.desc())).all()
