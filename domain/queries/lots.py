"""Where material lots stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import or_, select

from domain.errors import NotFound
from domain.models.lot import Lot, LotStatus
from domain.models.material import Material
from domain.models.routing import BomLine
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
    return work.session.scalars(query.order_by(Lot.received_at, Lot.id).limit(limit)).all()


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
    query = query.order_by(unlimited, Lot.expires_at, Lot.received_at, Lot.id)
    return work.session.scalars(query.limit(limit)).all()
