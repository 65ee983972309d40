"""在途: what purchasing has on the way, and when it says that it comes; the ERP stays its master."""

from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from domain.errors import NothingToReport
from domain.models.supply import PurchaseLine
from domain.permits import require
from domain.store import supply
from domain.work import Work

ZERO = Decimal(0)


class Coming(TypedDict):
    """A purchase line as it stands: what of it is still to come, and when."""

    code: str
    material: str
    material_name: str
    supplier: str
    left: Decimal
    unit: str
    promised_at: datetime | None


def expect(
    work: Work,
    *,
    material: str,
    quantity: Decimal,
    promised_at: datetime | None = None,
    supplier: str = "",
    code: str = "",
    note: str = "",
) -> Coming:
    """Say what is on the way and when it comes; a line of this code that is there is changed.

    Raises NotFound, NothingToReport.
    """
    require(work, "purchase.tell")
    what = supply.material_called(work, code=material)
    if quantity <= ZERO:
        raise NothingToReport(order=code or what.code, operation=what.code)
    line = supply.purchase_line(work, code=code) if code else None
    if line is None:
        line = PurchaseLine(
            id=work.new_id(),
            site_id=work.site_id,
            code=code or supply.next_purchase_code(work),
            received=ZERO,
            void=False,
        )
        work.session.add(line)
    line.material_id, line.quantity = what.id, quantity
    line.supplier, line.note = supplier or line.supplier or "", note[:200] or line.note or ""
    return _promise(work, line, promised_at)


def promise(work: Work, *, code: str, promised_at: datetime) -> Coming:
    """Say when a known line comes; raises NotFound."""
    require(work, "purchase.tell")
    line = supply.known_purchase_line(work, code=code)
    return _promise(work, line, promised_at)


def _promise(work: Work, line: PurchaseLine, promised_at: datetime | None) -> Coming:
    if promised_at is not None:
        line.promised_at, line.promised_by, line.said_at = promised_at, work.actor.person_id, work.now
    what = supply.material_of_line(work, line)
    coming = Coming(
        code=line.code,
        material=what.code,
        material_name=what.name,
        supplier=line.supplier,
        left=line.quantity - line.received,
        unit=what.unit,
        promised_at=line.promised_at,
    )
    about = [("purchase_line", line.id)]
    work.record("purchase.promised", data={**coming, "material_id": what.id}, about=about)
    return coming
