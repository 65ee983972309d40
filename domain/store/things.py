"""A thing of the genealogy by whatever code stands on it: lot, order, unit, container."""

from typing import Any, Final

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.container import Container
from domain.models.unit import Unit
from domain.store import lots, orders
from domain.work import Work

CODED: Final[dict[str, Any]] = {"unit": Unit, "container": Container}


def find(work: Work, *, code: str) -> tuple[str, Any] | None:
    """Return kind and row of what has this code, or None; raises SeveralLots."""
    lot = lots.find(work, code=code)
    if lot is not None:
        return "lot", lot
    order = orders.find(work, code=code)
    if order is not None:
        return "order", order
    for kind, model in CODED.items():
        query = select(model).where(model.site_id == work.site_id, model.code == code, ~model.void)
        if (found := work.session.scalars(query).first()) is not None:
            return kind, found
    return None


def lock(work: Work, *, code: str) -> tuple[str, Any]:
    """Return kind and row of what has this code, locked; raises NotFound, SeveralLots."""
    found = find(work, code=code)
    if found is None:
        raise NotFound(kind="code", code_text=code)
    kind, thing = found
    if kind == "lot":
        return kind, lots.lock(work, code=code)
    if kind == "order":
        return kind, orders.lock(work, code=code)
    work.session.refresh(thing, with_for_update=True)
    return kind, thing
