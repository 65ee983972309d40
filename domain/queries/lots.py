"""Where material lots stand, and the genealogy over the edges recorded so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import or_, select

from domain.errors import NotFound
from domain.models.genealogy import Confidence, Edge
from domain.models.lot import Lot, LotStatus
from domain.models.material import Material
from domain.models.routing import BomLine
from domain.models.work_order import OrderStatus, WorkOrder
from domain.store import lots, orders
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class LotView:
    """One lot; `say` is what names it and no other."""

    id: int
    code: str
    say: str
    material: str
    material_name: str
    supplier: str
    on_hand: Decimal
    received: Decimal
    issued: Decimal
    unit: str
    status: LotStatus
    place: str
    received_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Stock:
    """A material and its lots that are not used up, the one that expires first in front."""

    code: str
    name: str
    lots: tuple[Lot, ...]


@dataclass(frozen=True, kw_only=True)
class Link:
    """One step of genealogy from the thing asked about: the other end, how much, how sure."""

    depth: int
    kind: str
    code: str
    what: str
    quantity: Decimal
    unit: str
    operation: str
    confidence: Confidence
    made_at: datetime
    status: str


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Both directions from one lot or order; `exact` and `shared` links are told apart."""

    kind: str
    code: str
    what: str
    went_into: tuple[Link, ...]
    made_from: tuple[Link, ...]


def lot(work: Work, *, code: str) -> LotView:
    """Return a lot; raises NotFound, SeveralLots."""
    found = lots.find(work, code=code)
    if found is None:
        raise NotFound(kind="lot", code_text=code)
    what = work.session.get_one(Material, found.material_id)
    return LotView(
        id=found.id,
        code=found.code,
        say=lots.sayable(work, found, material=what),
        material=what.code,
        material_name=what.name,
        supplier=found.supplier,
        on_hand=found.on_hand,
        received=found.received,
        issued=found.issued,
        unit=found.unit,
        status=found.status,
        place=found.place,
        received_at=found.received_at,
        expires_at=found.expires_at,
    )


def waiting_inspection(work: Work, *, limit: int = 20) -> Sequence[str]:
    """Return codes of lots that wait for inspection, oldest first."""
    query = select(Lot.code).where(
        Lot.site_id == work.site_id, Lot.status == LotStatus.IN_INSPECTION, ~Lot.void
    )
    return work.session.scalars(query.order_by(Lot.received_at).limit(limit)).all()


def stock(work: Work, *, material: str, limit: int = 12) -> Stock:
    """Return what there is of a material; raises NotFound."""
    what = orders.material(work, code=material)
    query = select(Lot).where(Lot.material_id == what.id, Lot.on_hand > 0, ~Lot.void)
    found = work.session.scalars(
        query.order_by(Lot.expires_at.is_(None), Lot.expires_at, Lot.id).limit(limit)
    )
    return Stock(code=what.code, name=what.name, lots=tuple(found))


def issuable(work: Work, *, order: str = "", limit: int = 20) -> Sequence[str]:
    """Return codes of lots that may be issued, to this order if one is named; first expired, first out."""
    query = select(Lot.code).where(Lot.site_id == work.site_id, Lot.status == LotStatus.RELEASED, ~Lot.void)
    query = query.where(or_(Lot.expires_at.is_(None), Lot.expires_at > work.now))
    target = orders.find(work, code=order) if order else None
    if target is not None:
        wanted = select(BomLine.material_id).where(BomLine.bom_id == target.bom_id)
        query = query.where(Lot.material_id.in_(wanted))
    unlimited = Lot.expires_at.is_(None)
    return work.session.scalars(query.order_by(unlimited, Lot.expires_at, Lot.received_at).limit(limit)).all()


def trace(work: Work, *, code: str) -> Trace:
    """Return what a lot went into and what an order was made from, both ways, any depth.

    Raises NotFound where neither an order nor a lot has this code.
    """
    order = orders.find(work, code=code)
    if order is not None:
        what = work.session.get_one(Material, order.product_id)
        return _trace(work, "order", order.id, order.code, f"{what.code} {what.name}")
    found = lots.find(work, code=code)
    if found is None:
        raise NotFound(kind="order_or_lot", code_text=code)
    what = work.session.get_one(Material, found.material_id)
    return _trace(work, "lot", found.id, found.code, f"{what.code} {what.name}")


def _trace(work: Work, kind: str, ref: int, code: str, what: str) -> Trace:
    return Trace(
        kind=kind,
        code=code,
        what=what,
        went_into=_walk(work, kind, ref, forward=True),
        made_from=_walk(work, kind, ref, forward=False),
    )


def _walk(work: Work, kind: str, ref: int, *, forward: bool) -> tuple[Link, ...]:
    """Follow living edges level by level; each level is one query, a thing is visited once."""
    links: list[Link] = []
    seen, level, depth = {(kind, ref)}, [(kind, ref)], 0
    while level:
        depth += 1
        coming: list[tuple[str, int]] = []
        for edge in _edges(work, level, forward=forward):
            end = (edge.child_kind, edge.child_id) if forward else (edge.parent_kind, edge.parent_id)
            links.append(_link(work, edge, end, depth))
            if end not in seen:
                seen.add(end)
                coming.append(end)
        level = coming
    return tuple(links)


def _edges(work: Work, level: Sequence[tuple[str, int]], *, forward: bool) -> Sequence[Edge]:
    kind, ref = (Edge.parent_kind, Edge.parent_id) if forward else (Edge.child_kind, Edge.child_id)
    found: list[Edge] = []
    for one in sorted({thing for thing, _ in level}):
        ids = [thing_id for thing, thing_id in level if thing == one]
        query = select(Edge).where(kind == one, ref.in_(ids), ~Edge.void).order_by(Edge.id)
        found += work.session.scalars(query).all()
    return found


def _link(work: Work, edge: Edge, end: tuple[str, int], depth: int) -> Link:
    code, what, status = _named(work, *end)
    return Link(
        depth=depth,
        kind=end[0],
        code=code,
        what=what,
        quantity=edge.quantity,
        unit=edge.unit,
        operation=edge.operation,
        confidence=edge.confidence,
        made_at=edge.made_at,
        status=status,
    )


def _named(work: Work, kind: str, ref: int) -> tuple[str, str, str]:
    status: OrderStatus | LotStatus
    if kind == "order":
        order = work.session.get_one(WorkOrder, ref)
        code, material_id, status = order.code, order.product_id, order.status
    else:
        found = work.session.get_one(Lot, ref)
        code, material_id, status = found.code, found.material_id, found.status
    what = work.session.get_one(Material, material_id)
    return code, f"{what.code} {what.name}", status.value
