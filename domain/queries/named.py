"""What a code or an id of the genealogy is called: orders, lots, pieces, containers, shipments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, String, bindparam, literal, select, type_coerce, union_all

from domain.models.container import Container, Shipment
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.unit import Unit
from domain.models.work_order import WorkOrder
from domain.store import lots
from domain.store.listed import among
from domain.store.prepared import Prepared
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
_FIRST: Final = tuple(MODELS)


@dataclass(frozen=True, kw_only=True)
class Named:
    """One thing: its code, what it is (material, customer), and where it stands."""

    kind: str
    id: int
    code: str
    what: str
    status: str


def _things(kind: str) -> Select[Any]:
    """Select things of a kind as `_named` reads them."""
    model = MODELS[kind]
    own = (
        literal(kind).label("kind"),
        model.id,
        model.code,
        type_coerce(model.status, String).label("status"),
    )
    if kind == "shipment":
        return select(*own, model.customer.label("what"), literal("").label("name"))
    material = model.material_id if kind == "lot" else model.product_id
    what = (Material.code.label("what"), Material.name)
    return select(*own, *what).outerjoin(Material, Material.id == material)


_CODED: Final = Prepared(
    union_all(
        *(
            _things(kind).where(
                model.site_id == bindparam("site"), model.code == bindparam("of"), ~model.void
            )
            for kind, model in MODELS.items()
        )
    )
)
_NUMBERED: Final = {
    kind: Prepared(_things(kind).where(among(model.id, "ids"))) for kind, model in MODELS.items()
}


def find(work: Work, *, code: str) -> Named | None:
    """Return what has this code; raises SeveralLots."""
    work.session.flush()
    found = [_named(row) for row in _CODED.plain(work, site=work.site_id, of=code)]
    found.sort(key=lambda it: _FIRST.index(it.kind))
    if found and (found[0].kind != "lot" or (len(found) == 1 and "/" not in code)):
        return found[0]
    lot = lots.find(work, code=code)  # of several it says so, and it knows material/number
    return called(work, [("lot", lot.id)])["lot", lot.id] if lot is not None else None


def called(work: Work, things: Iterable[Thing]) -> Mapping[Thing, Named]:
    """Return the names of things, a query for each kind."""
    wanted: dict[str, list[int]] = {}
    for kind, ref in things:
        wanted.setdefault(kind, []).append(ref)
    rows = (row for kind, ids in wanted.items() for row in _NUMBERED[kind].plain(work, ids=ids))
    return {(it.kind, it.id): it for it in map(_named, rows)}


def _named(row: Any) -> Named:
    kind, ref, code, status, *what = row
    return Named(kind=kind, id=ref, code=code, what=" ".join(filter(None, what)), status=status)
