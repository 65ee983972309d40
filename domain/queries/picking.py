"""备料: what an order still needs, and which lots to take it from, the one that expires first in front."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import or_, select

from domain.errors import NotFound
from domain.models.lot import Lot, LotStatus
from domain.models.material import Material, Tracking
from domain.models.routing import BomLine
from domain.models.work_order import WorkOrder
from domain.queries.holds import holds_over
from domain.store import loadings, orders, reservations, supply
from domain.work import Work

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Pick:
    """Take so much of a lot; `alternate`: it is not the material itself; `mine`: set aside for the order."""

    lot: str
    lot_id: int
    material: str
    place: str
    quantity: Decimal
    unit: str
    expires_at: datetime | None
    alternate: bool
    mine: bool


@dataclass(frozen=True, kw_only=True)
class Need:
    """One material of an order: needed in all, had (used or at the line), what to take, what is missing."""

    line: BomLine
    material: str
    name: str
    unit: str
    needed: Decimal
    had: Decimal
    picks: tuple[Pick, ...]

    @property
    def open(self) -> Decimal:
        """What the order has not got yet."""
        return max(self.needed - self.had, ZERO)

    @property
    def missing(self) -> Decimal:
        """What no free lot covers."""
        return max(self.open - sum((pick.quantity for pick in self.picks), ZERO), ZERO)


@dataclass(frozen=True, kw_only=True)
class Loose:
    """A material of which no lots are kept: so much of it goes with the rest, from wherever it lies."""

    material: str
    name: str
    unit: str
    quantity: Decimal


def loose(work: Work, *, order: str) -> Sequence[Loose]:
    """Return what a whole order takes of materials that are not tracked; raises NotFound."""
    found = orders.find(work, code=order)
    if found is None:
        raise NotFound(kind="order", code_text=order)
    lines = [(work.session.get_one(Material, it.material_id), it) for it in supply.lines_of(work, found)]
    return [
        Loose(material=what.code, name=what.name, unit=what.unit, quantity=found.quantity * line.quantity)
        for what, line in lines
        if what.tracking is Tracking.NONE
    ]


def needs(work: Work, *, order: WorkOrder) -> Sequence[Need]:
    """Return what the order needs of everything that is tracked by lot, with where to take the rest from."""
    at_line = _at_line(work, order)
    taken: dict[int, Decimal] = {}
    return [
        _need(work, order, line, at_line=at_line, taken=taken)
        for line in supply.lines_of(work, order)
        if work.session.get_one(Material, line.material_id).tracking is not Tracking.NONE
    ]


def pick_list(work: Work, *, order: str) -> tuple[WorkOrder, Sequence[Need]]:
    """Return an order and what to take for it; raises NotFound."""
    found = orders.find(work, code=order)
    if found is None:
        raise NotFound(kind="order", code_text=order)
    return found, needs(work, order=found)


def _need(
    work: Work,
    order: WorkOrder,
    line: BomLine,
    *,
    at_line: dict[int, Decimal],
    taken: dict[int, Decimal],
) -> Need:
    what = work.session.get_one(Material, line.material_id)
    takes = [line.material_id, *line.alternates]
    there = sum((at_line.pop(material, ZERO) for material in takes), ZERO)
    had = loadings.had(work, order, line) + there
    needed = order.quantity * line.quantity
    picks = _picks(work, order, line, wanted=max(needed - had, ZERO), taken=taken)
    return Need(
        line=line, material=what.code, name=what.name, unit=what.unit, needed=needed, had=had, picks=picks
    )


def _at_line(work: Work, order: WorkOrder) -> dict[int, Decimal]:
    """Return by material what stands at the order's line and is not used yet."""
    found: dict[int, Decimal] = {}
    for one in reservations.of_order(work, order, lock=False):
        if one.at_line:
            material = work.session.get_one(Lot, one.lot_id).material_id
            found[material] = found.get(material, ZERO) + one.quantity
    return found


def _picks(
    work: Work, order: WorkOrder, line: BomLine, *, wanted: Decimal, taken: dict[int, Decimal]
) -> tuple[Pick, ...]:
    """Choose first expired, first out; what is set aside for the order itself in front, alternates last."""
    found: list[Pick] = []
    for lot, free, mine in _free(work, order, [line.material_id, *line.alternates], line=line):
        quantity = min(wanted, free - taken.get(lot.id, ZERO))
        if quantity > ZERO:
            taken[lot.id] = taken.get(lot.id, ZERO) + quantity
            wanted -= quantity
            found.append(_pick(work, lot, line, quantity=quantity, mine=mine))
    return tuple(found)


def _free(
    work: Work, order: WorkOrder, materials: Collection[int], *, line: BomLine
) -> Sequence[tuple[Lot, Decimal, bool]]:
    """Return (lot, what is free of it for the order, whether some is its own) in the order of taking."""
    stock = usable(work, materials)
    aside = reservations.by_lot(work, [lot.id for lot in stock])
    rows = []
    for lot in stock:
        others = sum((it.quantity for it in aside.get(lot.id, ()) if it.order_id != order.id), ZERO)
        there = sum(
            (it.quantity for it in aside.get(lot.id, ()) if it.order_id == order.id and it.at_line), ZERO
        )
        mine = any(it.order_id == order.id and not it.at_line for it in aside.get(lot.id, ()))
        free = lot.on_hand - others - there
        if free > ZERO and not holds_over(work, kind="lot", ref=lot.id):
            rows.append((lot, free, mine))
    return sorted(rows, key=lambda row: (row[0].material_id != line.material_id, not row[2]))


def usable(work: Work, materials: Collection[int]) -> Sequence[Lot]:
    """Return the lots of these materials that may be used, the one that expires first in front (FEFO)."""
    query = select(Lot).where(
        Lot.material_id.in_(materials), Lot.status == LotStatus.RELEASED, Lot.on_hand > 0, ~Lot.void
    )
    query = query.where(or_(Lot.expires_at.is_(None), Lot.expires_at > work.now))
    order = (Lot.expires_at.is_(None), Lot.expires_at, Lot.received_at, Lot.id)
    return work.session.scalars(query.order_by(*order)).all()


def _pick(work: Work, lot: Lot, line: BomLine, *, quantity: Decimal, mine: bool) -> Pick:
    return Pick(
        lot=lot.code,
        lot_id=lot.id,
        material=work.session.get_one(Material, lot.material_id).code,
        place=lot.place,
        quantity=quantity,
        unit=lot.unit,
        expires_at=lot.expires_at,
        alternate=lot.material_id != line.material_id,
        mine=mine,
    )
