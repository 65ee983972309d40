"""Slots of stations (站位) and the lots loaded in them."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

from sqlalchemy import bindparam, func, or_, select

from domain.models.floor import Loading, SignOn, Slot
from domain.models.genealogy import Edge, How
from domain.models.lot import Lot
from domain.models.material import Material, Tracking
from domain.models.routing import BomLine, Operation
from domain.models.work_order import OPEN_ORDER, OperationTask, TaskStatus, WorkOrder
from domain.store import lots
from domain.store.prepared import Prepared
from domain.work import Work

STILL_TO_DO = (TaskStatus.WAITING, TaskStatus.READY, TaskStatus.RUNNING, TaskStatus.PAUSED)
_FED: Final = Prepared(
    select(Loading.id)
    .where(Loading.order_id == bindparam("order"), ~Loading.void)
    .where(or_(Loading.until.is_(None), ~Loading.settled))
    .limit(1)
)
Feed = tuple[Loading, BomLine, Lot]


def feeding(work: Work, order: WorkOrder, *, operation: str) -> Sequence[Feed]:
    """Return what feeds an operation of an order, oldest first, the lots locked.

    That is what is loaded now, and before it what was taken out since the last report.
    """
    if _FED.first(work, order=order.id) is None:  # most orders: every report asks
        return []
    query = (
        select(Loading, BomLine)
        .join(BomLine, BomLine.id == Loading.bom_line_id)
        .where(Loading.order_id == order.id, BomLine.operation == operation, ~Loading.void)
        .where(or_(Loading.until.is_(None), ~Loading.settled))
        .order_by(Loading.until.is_(None), Loading.since, Loading.id)
        .with_for_update(of=Loading)
    )
    rows = work.session.execute(query.execution_options(populate_existing=True)).all()
    held = lots.lock_ids(work, {loading.lot_id for loading, _line in rows})
    return [(loading, line, held[loading.lot_id]) for loading, line in rows]


def lock_slot(work: Work, *, station: str, code: str) -> Slot:
    """Return the slot of a station, locked; made when it is first named."""
    query = select(Slot).where(Slot.site_id == work.site_id, Slot.station == station, Slot.code == code)
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is not None:
        found.void = False
        return found
    slot = Slot(
        id=work.new_id(),
        site_id=work.site_id,
        station=station,
        code=code,
        wrong=0,
        locked=False,
        void=False,
    )
    work.session.add(slot)
    return slot


def loaded(work: Work, slot: Slot) -> Loading | None:
    """Return what is in a slot now."""
    query = select(Loading).where(Loading.slot_id == slot.id, Loading.until.is_(None), ~Loading.void)
    return work.session.scalars(query).first()


def place_of(work: Work, loading: Loading) -> str:
    """Return where a loading is or was: station and slot, ST-101/3."""
    return work.session.get_one(Slot, loading.slot_id).place


def had(work: Work, order: WorkOrder, line: BomLine) -> Decimal:
    """Return how much of a line's material (or its alternates) went into the order for its operation."""
    work.session.flush()
    query = (
        select(func.sum(Edge.quantity))
        .join(Lot, Lot.id == Edge.parent_id)
        .where(Edge.child_kind == "order", Edge.child_id == order.id, Edge.parent_kind == "lot")
        .where(Edge.how == How.CONSUMED, Edge.operation == line.operation, ~Edge.void)
        .where(Edge.ended_at.is_(None), Lot.material_id.in_([line.material_id, *line.alternates]))
    )
    return work.session.scalar(query) or Decimal(0)


def unfed(work: Work, order: WorkOrder, *, operation: str) -> Sequence[str]:
    """Return the materials of an operation that are in no slot for the order, but for those not tracked."""
    fed = select(Loading.bom_line_id).where(
        Loading.order_id == order.id, Loading.until.is_(None), ~Loading.void
    )
    query = (
        select(Material.code)
        .join(BomLine, BomLine.material_id == Material.id)
        .where(BomLine.bom_id == order.bom_id, BomLine.operation == operation, BomLine.id.not_in(fed))
        .where(Material.tracking != Tracking.NONE)
    )
    return work.session.scalars(query.order_by(BomLine.id)).all()


def is_loaded_at(work: Work, order: WorkOrder, *, operation: str) -> bool:
    """Say whether the order's route asks for this operation's material to be loaded to slots."""
    query = select(Operation.loading).where(Operation.route_id == order.route_id, Operation.code == operation)
    return bool(work.session.scalars(query).first())


def orders_at(work: Work, *, station: str, operations: Collection[str]) -> Sequence[str]:
    """Return codes of the orders that may be meant at a station, of the surest kind that there is.

    What is loaded there; what somebody is signed on for there; what is running and has an operation of it.
    """
    of_slots = (
        select(WorkOrder.code)
        .join(Loading, Loading.order_id == WorkOrder.id)
        .join(Slot, Slot.id == Loading.slot_id)
        .where(Slot.site_id == work.site_id, Slot.station == station, Loading.until.is_(None), ~Loading.void)
    )
    signed_on = (
        select(WorkOrder.code)
        .join(SignOn, SignOn.order_id == WorkOrder.id)
        .where(SignOn.site_id == work.site_id, SignOn.station == station, SignOn.until.is_(None))
        .where(~SignOn.void)
    )
    possible = (
        select(WorkOrder.code)
        .join(OperationTask, OperationTask.order_id == WorkOrder.id)
        .where(WorkOrder.site_id == work.site_id, WorkOrder.status.in_(OPEN_ORDER), ~WorkOrder.void)
        .where(OperationTask.code.in_(operations), OperationTask.status.in_(STILL_TO_DO))
    )
    for query in (of_slots, signed_on, possible):
        if found := work.session.scalars(query.distinct().order_by(WorkOrder.code).limit(5)).all():
            return found
    return []


def order_in(work: Work, *, station: str, code: str) -> str:
    """Return the code of the order for which a slot is loaded, empty where nothing is in it."""
    query = (
        select(WorkOrder.code)
        .join(Loading, Loading.order_id == WorkOrder.id)
        .join(Slot, Slot.id == Loading.slot_id)
        .where(Slot.site_id == work.site_id, Slot.station == station, Slot.code == code)
        .where(Loading.until.is_(None), ~Loading.void)
    )
    return work.session.scalars(query).first() or ""
