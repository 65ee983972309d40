"""What a code or an id of the genealogy is called: orders, lots, pieces, containers, shipments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from domain.models.container import Container, Shipment
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.unit import Unit
from domain.models.work_order import WorkOrder
from domain.store import lots
from domain.work import Work

Thing = tuple[str, int]
MODELS: Final[dict[str, Any]] = {
    "order": WorkOrder,
    "unit": Unit,
    "container": Container,
    "shipment": Shipment,
    "lot": Lot,
}
"""Kinds of genealogy, in the order in which a code is looked up; several lots may share a number."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """One thing: its code, what it is (material, customer), and where it stands."""

    kind: str
    id: int
    code: str
    what: str
    status: str


def find(work: Work, *, code: str) -> Named | None:
    """Return what has this code; raises SeveralLots."""
    work.session.flush()
    for kind, model in MODELS.items():
        if kind == "lot":
            break
        query = select(model.id).where(model.site_id == work.site_id, model.code == code, ~model.void)
        if (ref := work.session.scalars(query).first()) is not None:
            return called(work, [(kind, ref)])[kind, ref]
    lot = lots.find(work, code=code)
    return called(work, [("lot", lot.id)])["lot", lot.id] if lot is not None else None


def called(work: Work, things: Iterable[Thing]) -> Mapping[Thing, Named]:
    """Return the names of things, a query for each kind."""
    wanted: dict[str, list[int]] = {}
    for kind, ref in things:
        wanted.setdefault(kind, []).append(ref)
    found: dict[Thing, Named] = {}
    for kind, ids in wanted.items():
        for row in work.session.execute(_query(kind).where(MODELS[kind].id.in_(ids))):
            ref, code, status, *what = row
            named = Named(
                kind=kind, id=ref, code=code, what=" ".join(filter(None, what)), status=status.value
            )
            found[kind, ref] = named
    return found


def _query(kind: str) -> Any:
    model = MODELS[kind]
    if kind == "shipment":
        return select(model.id, model.code, model.status, model.customer)
    material = model.material_id if kind == "lot" else model.product_id
    columns = select(model.id, model.code, model.status, Material.code, Material.name)
    return columns.outerjoin(Material, Material.id == material)
