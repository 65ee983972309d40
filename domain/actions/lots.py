"""Material lots: received, inspected, issued to an order; every issue leaves an edge of genealogy."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypedDict

from domain.actions import reservations
from domain.actions.timers import refuse_expired
from domain.errors import AlreadyThere, NothingToReport, NotOnBom
from domain.models.genealogy import Edge, How
from domain.models.lot import Lot, LotStatus
from domain.models.material import Material
from domain.models.routing import BomLine
from domain.models.supply import RequisitionStatus
from domain.models.work_order import WorkOrder
from domain.permits import require
from domain.queries.holds import refuse_held
from domain.store import edges, loadings, lots, orders, supply
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
    """What an issue came to; `staged`: it stands at the line and is taken when it is loaded and reported."""

    order: str
    staged: bool
    requisition: str


@dataclass(frozen=True, kw_only=True)
class Label:
    """What else a delivery's label says: its date code as printed, and the purchase line it was ordered by.

    Without one, or with one of the ERP's that we have not, the oldest line of the material is credited.
    """

    date_code: str = ""
    purchase: str = ""


def receive(
    work: Work,
    *,
    material: str,
    lot_no: str,
    quantity: Decimal,
    supplier: str = "",
    place: str = "",
    expires_at: datetime | None = None,
    label: Label | None = None,
) -> LotMoved:
    """Take a delivered lot into inspection; a lot of this identity that is there already is refused.

    `material` by our part number or its maker's. Raises NotFound, NothingToReport, AlreadyThere.
    """
    require(work, "lot.receive")
    if quantity <= ZERO:
        raise NothingToReport(order=lot_no, operation=material)
    what = supply.material_called(work, code=material)
    known = lots.by_identity(work, material=what, supplier=supplier, lot_no=lot_no)
    if known is not None and not known.void:
        raise AlreadyThere(kind="lot", code_text=known.code)
    lot = known or _new(work, what, supplier=supplier)
    lot.code = lots.free_code(work, material=what, code=lot_no)
    lot.lot_no, lot.unit, lot.place = lot_no, what.unit, place
    lot.date_code = label.date_code[:40] if label else ""
    lot.void, lot.received_at = False, work.now
    lot.expires_at = expires_at or _by_shelf_life(work, what)
    lot.deliver(quantity)
    if known is None:
        work.session.add(lot)
    supply.credit(work, what, supplier=supplier, quantity=quantity, code=label.purchase if label else "")
    return lot_record(work, "lot.received", lot, quantity=quantity)


def _new(work: Work, what: Material, *, supplier: str) -> Lot:
    return Lot(
        id=work.new_id(),
        site_id=work.site_id,
        material_id=what.id,
        supplier=supplier,
        opened=False,
        status=LotStatus.IN_INSPECTION,
    )


def _by_shelf_life(work: Work, what: Material) -> datetime | None:
    return work.now + timedelta(days=what.shelf_life_days) if what.shelf_life_days else None


def inspect(work: Work, *, lot: str, passed: bool, note: str = "") -> LotMoved:
    """Say whether a delivered lot is good; raises NotFound, WrongState."""
    require(work, "lot.inspect")
    found = lots.lock(work, code=lot)
    found.leave(LotStatus.IN_INSPECTION, to=LotStatus.RELEASED if passed else LotStatus.REJECTED)
    return lot_record(work, "lot.inspected", found, quantity=found.on_hand, note=note, passed=passed)


def issue(work: Work, *, lot: str, quantity: Decimal, order: str) -> Issued:
    """Issue from a released lot to an open order, against its requisition if there is one.

    What is loaded at its operation only moves to the line. Raises NotFound, CannotIssue, LotExpired,
    LotShort, LotReserved, Held, NotOnBom, NothingToReport, and where a clock on it is over or runs yet.
    """
    require(work, "lot.issue")
    if quantity <= ZERO:
        raise NothingToReport(order=order, operation=lot)
    target = orders.lock(work, code=order)
    target.take_material()
    found = lots.lock(work, code=lot)
    line = supply.line_taking(work, target, material_id=found.material_id)
    if line is None:
        raise NotOnBom(material=material_of(work, found).code, order=target.code)
    refuse_held(work, kind="lot", ref=found.id, code=found.code)
    refuse_expired(work, found)
    reservations.refuse_others(work, found, target, quantity=quantity)
    staged = loadings.is_loaded_at(work, target, operation=line.operation)
    if staged:
        found.check_usable(at=work.now)
        reservations.stage(work, found, target, quantity=quantity)
    else:
        found.issue(quantity, at=work.now)
        reservations.draw(work, found, target, quantity=quantity)
        work.session.add(_edge(work, found, target, quantity=quantity, line=line))
    asked = supply.issued_against(work, target, line, quantity=quantity)
    done = asked is not None and asked.status is RequisitionStatus.ISSUED
    more = {
        "order": target.code,
        "staged": staged,
        "requisition": asked.code if asked else "",
        "requisition_done": done,
    }
    about = [("requisition", asked.id)] if asked else []
    moved = lot_record(
        work, "lot.issued", found, quantity=quantity, about=[("work_order", target.id), *about], **more
    )
    return Issued(**moved, order=target.code, staged=staged, requisition=asked.code if asked else "")


def _edge(work: Work, lot: Lot, order: WorkOrder, *, quantity: Decimal, line: BomLine) -> Edge:
    return edges.new(
        work,
        How.CONSUMED,
        parent=("lot", lot.id),
        child=("order", order.id),
        quantity=quantity,
        unit=lot.unit,
        operation=line.operation,
    )


def material_of(work: Work, lot: Lot) -> Material:
    """Return what a lot is of."""
    return work.session.get_one(Material, lot.material_id)


def lot_record(
    work: Work,
    event_type: str,
    lot: Lot,
    *,
    quantity: Decimal,
    about: list[tuple[str, int]] | None = None,
    **data: Any,
) -> LotMoved:
    """Write down what happened to a lot, and return it; `about` are further subjects."""
    what = material_of(work, lot)
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
    subjects = [("lot", lot.id), *(about or [])]
    work.record(event_type, data={**moved, "supplier": lot.supplier, **data}, about=subjects)
    return moved
