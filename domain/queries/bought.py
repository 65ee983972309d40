"""Purchase lines and complaints as they read, by their numbers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.finding import Complaint
from domain.models.material import Material
from domain.models.supply import PurchaseLine
from domain.queries import named
from domain.queries.people import name_of
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class PurchaseView:
    """One purchase line: how much of what, how much has come, and who said when the rest comes."""

    code: str
    material: str
    material_name: str
    supplier: str
    quantity: Decimal
    received: Decimal
    unit: str
    promised_at: datetime | None
    promised_by: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ComplaintView:
    """One complaint: of whom, against what, and when it was written down."""

    code: str
    customer: str
    thing: str
    text: str
    recorded_at: datetime
    recorded_by: str


def purchase_line(work: Work, *, code: str) -> PurchaseView:
    """Return a purchase line; raises NotFound."""
    query = select(PurchaseLine, Material).join(Material, Material.id == PurchaseLine.material_id)
    mine = (PurchaseLine.site_id == work.site_id, PurchaseLine.code == code, ~PurchaseLine.void)
    found = work.session.execute(query.where(*mine)).first()
    if found is None:
        raise NotFound(kind="purchase_line", code_text=code)
    line, what = found
    return PurchaseView(
        code=line.code,
        material=what.code,
        material_name=what.name,
        supplier=line.supplier,
        quantity=line.quantity,
        received=line.received,
        unit=what.unit,
        promised_at=line.promised_at,
        promised_by=name_of(work, line.promised_by),
        note=line.note,
    )


def complaint(work: Work, *, number: int) -> ComplaintView:
    """Return the complaint TS-<number>; raises NotFound."""
    query = select(Complaint).where(
        Complaint.site_id == work.site_id, Complaint.number == number, ~Complaint.void
    )
    found = work.session.scalars(query).first()
    if found is None:
        raise NotFound(kind="complaint", code_text=f"TS-{number}")
    thing = (found.kind, found.ref)
    return ComplaintView(
        code=f"TS-{found.number}",
        customer=found.customer,
        thing=named.called(work, [thing])[thing].code,
        text=found.text,
        recorded_at=found.recorded_at,
        recorded_by=name_of(work, found.recorded_by),
    )
