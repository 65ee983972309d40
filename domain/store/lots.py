"""Material lots, locked for whoever will change them."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.errors import NotFound, SeveralLots
from domain.models.material import Lot, Material
from domain.work import Work


def lock(work: Work, *, code: str) -> Lot:
    """Return the lot people call `code`, locked; raises NotFound, SeveralLots where it is not unique."""
    query = select(Lot).where(Lot.site_id == work.site_id, Lot.code == code, ~Lot.void).limit(5)
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    return _only(found, code=code)


def find(work: Work, *, code: str) -> Lot | None:
    """Return the lot people call `code`; None if there is none; raises SeveralLots."""
    query = select(Lot).where(Lot.site_id == work.site_id, Lot.code == code, ~Lot.void).limit(5)
    found = work.session.scalars(query).all()
    return _only(found, code=code) if found else None


def _only(found: Sequence[Lot], *, code: str) -> Lot:
    if not found:
        raise NotFound(kind="lot", code_text=code)
    if len(found) > 1:
        raise SeveralLots(lot=code, count=len(found))
    return found[0]


def by_identity(work: Work, *, material: Material, supplier: str, lot_no: str) -> Lot | None:
    """Return the lot of this strict identity, void or not, locked."""
    query = select(Lot).where(
        Lot.site_id == work.site_id,
        Lot.material_id == material.id,
        Lot.supplier == supplier,
        Lot.lot_no == lot_no,
    )
    return work.session.scalars(query.with_for_update()).first()
