"""Material lots, locked for whoever will change them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select

from domain.errors import NotFound, SeveralLots
from domain.models.lot import Lot
from domain.models.material import Material
from domain.work import Work

BALANCE: Final = ("received", "issued", "scrapped", "on_hand", "returned", "split_in", "split_out")


def empty(work: Work, *, code: str, **more: Any) -> Lot:
    """Return a new lot of the house's own, not added yet: nothing is in it; `more` are its other columns."""
    nothing = dict.fromkeys(BALANCE, Decimal(0))
    own = {"supplier": "", "void": False, **more}
    return Lot(id=work.new_id(), site_id=work.site_id, code=code, lot_no=code, **nothing, **own)


def lock(work: Work, *, code: str) -> Lot:
    """Return the lot people call `code` (or material/code), locked; raises NotFound, SeveralLots."""
    query = _called(work, code)
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    return _only(found, code=code)


def find(work: Work, *, code: str) -> Lot | None:
    """Return the lot people call `code` (or material/code); None if there is none; raises SeveralLots."""
    query = _called(work, code)
    found = work.session.scalars(query).all()
    return _only(found, code=code) if found else None


def _called(work: Work, code: str) -> Select[Lot]:
    """Several materials may have a lot of one number: `PR-PT100/L777` says which."""
    query = select(Lot).where(Lot.site_id == work.site_id, ~Lot.void).limit(5)
    material, slash, number = code.partition("/")
    if not slash:
        return query.where(Lot.code == code)
    whose = select(Material.id).where(Material.site_id == work.site_id, Material.code == material)
    return query.where(or_(Lot.code == code, and_(Lot.code == number, Lot.material_id.in_(whose))))


def sayable(work: Work, lot: Lot, *, material: Material) -> str:
    """Return what names this lot and no other: its number, or material/number."""
    others = select(Lot.id).where(
        Lot.site_id == work.site_id, Lot.code == lot.code, ~Lot.void, Lot.id != lot.id
    )
    return f"{material.code}/{lot.code}" if work.session.scalars(others).first() else lot.code


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


def material_code(work: Work, lot: Lot) -> str:
    """Return the part number of a lot."""
    return work.session.get_one(Material, lot.material_id).code


def free_code(work: Work, *, material: Material, code: str) -> str:
    """Return what a new lot is called: its number, or where its material has that already, number-2."""
    query = select(Lot.code).where(
        Lot.site_id == work.site_id, Lot.material_id == material.id, Lot.code.startswith(code), ~Lot.void
    )
    taken = set(work.session.scalars(query))
    names = (code if not at else f"{code}-{at + 1}" for at in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def next_part(work: Work, lot: Lot) -> str:
    """Return what the next part split off a lot is called: its own code and -1, -2, … of all there were."""
    query = select(Lot.lot_no).where(
        Lot.material_id == lot.material_id,
        Lot.supplier == lot.supplier,
        Lot.lot_no.startswith(f"{lot.code}-"),
    )
    ends = [number.removeprefix(f"{lot.code}-") for number in work.session.scalars(query)]
    return f"{lot.code}-{max((int(end) for end in ends if end.isdecimal()), default=0) + 1}"


def known(work: Work, *, code: str) -> Lot:
    """Return the lot people call `code`, not locked; raises NotFound, SeveralLots."""
    return _only([found] if (found := find(work, code=code)) else [], code=code)


def lock_ids(work: Work, ids: set[int]) -> dict[int, Lot]:
    """Return lots by id, locked in the order in which everybody locks."""
    if not ids:
        return {}
    query = select(Lot).where(Lot.id.in_(ids)).order_by(Lot.id).with_for_update()
    return {lot.id: lot for lot in work.session.scalars(query.execution_options(populate_existing=True))}
