"""Slots of stations (站位) and the lots loaded in them."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, or_, select

from domain.models.floor import Loading, Slot
from domain.models.genealogy import Edge, How
from domain.models.lot import Lot
from domain.models.routing import BomLine
from domain.models.work_order import WorkOrder
from domain.work import Work

Feed = tuple[Loading, BomLine, Lot]


def feeding(work: Work, order: WorkOrder, *, operation: str) -> Sequence[Feed]:
    """Return what feeds an operation of an order, oldest first, the lots locked.

    That is what is loaded now, and before it what was taken out since the last report.
    """
    query = (
        select(Loading, BomLine)
        .join(BomLine, BomLine.id == Loading.bom_line_id)
        .where(Loading.order_id == order.id, BomLine.operation == operation, ~Loading.void)
        .where(or_(Loading.until.is_(None), ~Loading.settled))
        .order_by(Loading.until.is_(None), Loading.since, Loading.id)
        .with_for_update(of=Loading)
    )
    rows = work.session.execute(query.execution_options(populate_existing=True)).all()
    lots = lock_lots(work, {loading.lot_id for loading, _line in rows})
    return [(loading, line, lots[loading.lot_id]) for loading, line in rows]


def lock_lots(work: Work, ids: set[int]) -> dict[int, Lot]:
    """Return lots by id, locked in the order in which everybody locks."""
    if not ids:
        return {}
    query = select(Lot).where(Lot.id.in_(ids)).order_by(Lot.id).with_for_update()
    return {lot.id: lot for lot in work.session.scalars(query.execution_options(populate_existing=True))}


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
    slot = work.session.get_one(Slot, loading.slot_id)
    return f"{slot.station}/{slot.code}"


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
