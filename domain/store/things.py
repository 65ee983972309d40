"""A thing of the genealogy by whatever code stands on it: lot, order, unit, container."""

from typing import Any, Final

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.container import Container
from domain.models.unit import Unit
from domain.store import lots, orders
from domain.work import Work

CODED: Final[dict[str, Any]] = {"unit": Unit, "container": Container}


def lock(work: Work, *, code: str) -> tuple[str, Any]:
    """Return kind and row of what has this code, locked; raises NotFound, SeveralLots."""
    if lots.find(work, code=code) is not None:
        return "lot", lots.lock(work, code=code)
    if orders.find(work, code=code) is not None:
        return "order", orders.lock(work, code=code)
    for kind, model in CODED.items():
        query = select(model).where(model.site_id == work.site_id, model.code == code, ~model.void)
        query = query.with_for_update().execution_options(populate_existing=True)
        found = work.session.scalars(query).first()
        if found is not None:
            return kind, found
    raise NotFound(kind="code", code_text=code)
