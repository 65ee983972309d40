"""Material lots: received, inspected, issued to an order; every issue leaves an edge of genealogy."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypedDict

from domain.errors import AlreadyThere, NothingToReport, NotOnBom
from domain.models.genealogy import Confidence, Edge
from domain.models.lot import Lot, LotStatus
from domain.models.material import Material
from domain.models.work_order import WorkOrder
from domain.permits import require
from domain.store import lots, orders
from domain.work import Work

ZERO = Decimal(0)


class LotMoved(TypedDict):
    """What became of a lot; `say` is what names it and no other."""

    lot: str
    say: str
    material: str
    material_name: str
    quantity: Decimal
    on_hand: Decimal
    unit: str
    status: LotStatus


class Issued(LotMoved):
    """What an issue came to."""

    order: str


def receive(
    work: Work,
    *,
    material: str,
    lot_no: str,
    quantity: Decimal,
    supplier: str = "",
    place: str = "",
    expires_at: datetime | None = None,
) -> LotMoved:
    """Take a delivered lot into inspection; a lot of this identity that is there already is refused.

    Raises NotFound, NothingToReport, AlreadyThere.
    """
    require(work, "lot.receive")
    if quantity <= ZERO:
        raise NothingToReport(order=lot_no, operation=material)
    what = orders.material(work, code=material)
    known = lots.by_identity(work, material=what, supplier=supplier, lot_no=lot_no)
    if known is not None and not known.void:
        raise AlreadyThere(kind="lot", code_text=known.code)
    lot = known or Lot(
        id=work.new_id(),
        site_id=work.site_id,
        material_id=what.id,
        supplier=supplier,
        status=LotStatus.IN_INSPECTION,
    )
    _fill(work, lot, what, lot_no=lot_no, quantity=quantity, place=place, expires_at=expires_at)
    if known is None:
        work.session.add(lot)
    return _record(work, "lot.received", lot, quantity)


def _fill(
    work: Work,
    lot: Lot,
    what: Material,
    *,
    lot_no: str,
    quantity: Decimal,
    place: str,
    expires_at: datetime | None,
) -> None:
    shelf = what.shelf_life_days
    lot.code = lot.lot_no = lot_no
    lot.unit, lot.place, lot.void = what.unit, place, False
    lot.received = lot.on_hand = quantity
    lot.issued = lot.scrapped = ZERO
    lot.received_at = work.now
    lot.expires_at = expires_at or (work.now + timedelta(days=shelf) if shelf else None)


def inspect(work: Work, *, lot: str, passed: bool, note: str = "") -> LotMoved:
    """Say whether a delivered lot is good; raises NotFound, WrongState."""
    require(work, "lot.inspect")
    found = lots.lock(work, code=lot)
    found.move(LotStatus.RELEASED if passed else LotStatus.REJECTED)
    return _record(work, "lot.inspected", found, found.on_hand, note=note, passed=passed)


def hold(work: Work, *, lot: str, note: str = "") -> LotMoved:
    """Put a lot aside: nothing of it is issued until it is released again; raises NotFound, WrongState."""
    require(work, "lot.hold")
    found = lots.lock(work, code=lot)
    found.move(LotStatus.QUARANTINED)
    return _record(work, "lot.held", found, found.on_hand, note=note)


def issue(work: Work, *, lot: str, quantity: Decimal, order: str) -> Issued:
    """Issue from a released lot to an open order.

    Raises NotFound, CannotIssue, LotExpired, LotShort, NotOnBom, NothingToReport.
    """
    require(work, "lot.issue")
    if quantity <= ZERO:
        raise NothingToReport(order=order, operation=lot)
    target = orders.lock(work, code=order)
    target.take_material()
    found = lots.lock(work, code=lot)
    line = orders.bom_line(work, target, material_id=found.material_id)
    if line is None:
        raise NotOnBom(material=_material(work, found).code, order=target.code)
    found.issue(quantity, at=work.now)
    work.session.add(_edge(work, found, target, quantity=quantity, operation=line.operation))
    moved = _record(work, "lot.issued", found, quantity, order=target.code, about=target)
    return Issued(**moved, order=target.code)


def _edge(work: Work, lot: Lot, order: WorkOrder, *, quantity: Decimal, operation: str) -> Edge:
    return Edge(
        id=work.new_id(),
        site_id=work.site_id,
        parent_kind="lot",
        parent_id=lot.id,
        child_kind="order",
        child_id=order.id,
        quantity=quantity,
        unit=lot.unit,
        operation=operation,
        confidence=Confidence.SHARED,
        made_at=work.now,
        void=False,
    )


def _material(work: Work, lot: Lot) -> Material:
    return work.session.get_one(Material, lot.material_id)


def _record(
    work: Work,
    event_type: str,
    lot: Lot,
    quantity: Decimal,
    *,
    about: WorkOrder | None = None,
    **data: object,
) -> LotMoved:
    what = _material(work, lot)
    moved = LotMoved(
        lot=lot.code,
        say=lots.sayable(work, lot, material=what),
        material=what.code,
        material_name=what.name,
        quantity=quantity,
        on_hand=lot.on_hand,
        unit=lot.unit,
        status=lot.status,
    )
    subjects = [("lot", lot.id)] + ([("work_order", about.id)] if about else [])
    work.record(event_type, data={**moved, "supplier": lot.supplier, **data}, about=subjects)
    return moved
