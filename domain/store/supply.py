"""Requisitions, purchase lines, and what a bill of material takes: found and locked."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from domain.errors import NotFound
from domain.models.material import Material
from domain.models.people import Site
from domain.models.routing import BomLine
from domain.models.supply import PurchaseLine, Requisition, RequisitionLine, RequisitionStatus
from domain.models.work_order import WorkOrder
from domain.store import orders
from domain.work import Work

OPEN = (RequisitionStatus.REQUESTED, RequisitionStatus.TAKEN)


def material_called(work: Work, *, code: str) -> Material:
    """Return a material by our part number, or by its maker's or a customer's; raises NotFound."""
    found = orders.find_material(work, code=code)
    if found is not None:
        return found
    for one in work.session.scalars(select(Material).where(Material.site_id == work.site_id)):
        if code.upper() in {str(alias).upper() for alias in one.aliases}:
            return one
    raise NotFound(kind="material", code_text=code)


def line_taking(
    work: Work, order: WorkOrder, *, material_id: int, operations: Collection[str] = ()
) -> BomLine | None:
    """Return the order's BOM line that takes a material, itself before alternates; at these operations."""
    lines = lines_of(work, order, operations=operations)
    own = next((line for line in lines if line.material_id == material_id), None)
    return own or next((line for line in lines if material_id in line.alternates), None)


def lines_of(work: Work, order: WorkOrder, *, operations: Collection[str] = ()) -> Sequence[BomLine]:
    """Return the lines of the order's bill of material, of these operations if any are named.

    The frozen one, or for a draft the newest there is.
    """
    newest = None if order.bom_id else orders.newest_bom(work, product_id=order.product_id)
    bom_id = newest.id if newest else order.bom_id
    query = select(BomLine).where(BomLine.bom_id == bom_id).order_by(BomLine.id)
    if operations:
        query = query.where(BomLine.operation.in_(operations))
    return work.session.scalars(query).all()


def issued_against(work: Work, order: WorkOrder, line: BomLine, *, quantity: Decimal) -> Requisition | None:
    """Credit an issue to the order's oldest open requisition of the line; returns it, if there is one.

    When all of it is issued so is the requisition.
    """
    query = (
        select(RequisitionLine, Requisition)
        .join(Requisition, Requisition.id == RequisitionLine.requisition_id)
        .where(Requisition.order_id == order.id, Requisition.status.in_(OPEN), ~Requisition.void)
        .where(RequisitionLine.material_id == line.material_id, ~RequisitionLine.void)
        .where(RequisitionLine.issued < RequisitionLine.quantity)
        .order_by(Requisition.id)
        .with_for_update(of=Requisition)
    )
    found = work.session.execute(query.execution_options(populate_existing=True)).first()
    if found is None:
        return None
    asked, requisition = found
    asked.issued += quantity
    if all(it.issued >= it.quantity for it in lines_asked(work, requisition)):
        requisition.move(RequisitionStatus.ISSUED)
        requisition.issued_at, requisition.due_at = work.now, None
    return requisition


def lines_asked(work: Work, requisition: Requisition) -> Sequence[RequisitionLine]:
    """Return what a requisition asks for."""
    query = select(RequisitionLine).where(
        RequisitionLine.requisition_id == requisition.id, ~RequisitionLine.void
    )
    return work.session.scalars(query.order_by(RequisitionLine.id)).all()


def asked_for(work: Work, order: WorkOrder) -> dict[int, Decimal]:
    """Return what of each material the order's open requisitions still wait for."""
    query = (
        select(RequisitionLine.material_id, func.sum(RequisitionLine.quantity - RequisitionLine.issued))
        .join(Requisition, Requisition.id == RequisitionLine.requisition_id)
        .where(Requisition.order_id == order.id, Requisition.status.in_(OPEN), ~Requisition.void)
        .where(~RequisitionLine.void)
        .group_by(RequisitionLine.material_id)
    )
    return {material: Decimal(left) for material, left in work.session.execute(query)}


def lock_requisition(work: Work, *, number: int) -> Requisition:
    """Return the requisition LL-<number>, locked; raises NotFound."""
    query = select(Requisition).where(
        Requisition.site_id == work.site_id, Requisition.number == number, ~Requisition.void
    )
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(kind="requisition", code_text=f"LL-{number}")
    return found


def lock_requisition_by_id(work: Work, requisition_id: int) -> Requisition | None:
    """Return a requisition by id, locked."""
    query = select(Requisition).where(Requisition.id == requisition_id, ~Requisition.void)
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def next_number(work: Work) -> int:
    """Return the next requisition number of the site; the site's row serialises who asks."""
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())
    query = select(func.max(Requisition.number)).where(Requisition.site_id == work.site_id)
    return (work.session.scalars(query).one() or 0) + 1


def due_requisitions(work: Work, *, at: datetime, limit: int = 50) -> Sequence[int]:
    """Return ids of requisitions whose time has come, the longest overdue first."""
    query = select(Requisition.id).where(
        Requisition.due_at <= at, Requisition.status.in_(OPEN), ~Requisition.void
    )
    return work.session.scalars(query.order_by(Requisition.due_at).limit(limit)).all()


def purchase_line(work: Work, *, code: str) -> PurchaseLine | None:
    """Return the purchase line of this code, locked."""
    query = select(PurchaseLine).where(
        PurchaseLine.site_id == work.site_id, PurchaseLine.code == code, ~PurchaseLine.void
    )
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def open_purchase_lines(work: Work, *, material_id: int) -> Sequence[PurchaseLine]:
    """Return what is still to come of a material, the earliest promise first."""
    query = select(PurchaseLine).where(
        PurchaseLine.material_id == material_id,
        PurchaseLine.received < PurchaseLine.quantity,
        ~PurchaseLine.void,
    )
    order = (PurchaseLine.promised_at.is_(None), PurchaseLine.promised_at, PurchaseLine.id)
    return work.session.scalars(query.order_by(*order)).all()


def credit(work: Work, what: Material, *, supplier: str, quantity: Decimal, code: str) -> None:
    """Take a delivery off the purchase line it names, else off the oldest of the material and supplier."""
    named = purchase_line(work, code=code) if code else None
    lines = [named] if named else open_purchase_lines(work, material_id=what.id)
    left = quantity
    for line in lines:
        if line.material_id != what.id or (supplier and line.supplier not in ("", supplier)):
            continue
        taken = min(left, line.quantity - line.received)
        line.received, left = line.received + taken, left - taken
        if left <= 0:
            return


def next_purchase_code(work: Work) -> str:
    """Return the next free code PO-<n> for a line that was told without one."""
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())
    query = select(PurchaseLine.code).where(
        PurchaseLine.site_id == work.site_id, PurchaseLine.code.startswith("PO-")
    )
    numbers = [code.removeprefix("PO-") for code in work.session.scalars(query)]
    return f"PO-{max((int(it) for it in numbers if it.isdecimal()), default=0) + 1}"


def known_purchase_line(work: Work, *, code: str) -> PurchaseLine:
    """Return the purchase line of this code, locked; raises NotFound."""
    found = purchase_line(work, code=code)
    if found is None:
        raise NotFound(kind="purchase_line", code_text=code)
    return found


def material_of_line(work: Work, line: PurchaseLine) -> Material:
    """Return what a purchase line is of."""
    return work.session.get_one(Material, line.material_id)
