"""How requisitions stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.material import Material
from domain.models.supply import Requisition, RequisitionLine, RequisitionStatus
from domain.models.work_order import WorkOrder
from domain.queries.people import name_of
from domain.store import supply
from domain.work import Work

WAITING: Final = (RequisitionStatus.REQUESTED, RequisitionStatus.TAKEN)


@dataclass(frozen=True, kw_only=True)
class RequisitionView:
    """One requisition that is not issued: for what, since when, who has taken it, and what of it is left."""

    code: str
    order: str
    line: str
    status: RequisitionStatus
    requested_at: datetime
    taker: str
    left: tuple[str, ...]


def standing(work: Work, *, requisition_id: int) -> dict[str, Any]:
    """Return a requisition as its events tell it: code, order, line, status, and its items in text."""
    found = work.session.get_one(Requisition, requisition_id)
    work.session.flush()
    order = work.session.get_one(WorkOrder, found.order_id)
    return {
        "requisition": found.code,
        "order": order.code,
        "line": order.line,
        "status": found.status.value,
        "items": [_item(work, line) for line in supply.lines_asked(work, found)],
    }


def numbered(work: Work, number: int) -> int:
    """Return the id of the requisition LL-<number>; raises NotFound."""
    query = select(Requisition.id).where(
        Requisition.site_id == work.site_id, Requisition.number == number, ~Requisition.void
    )
    found = work.session.scalars(query).first()
    if found is None:
        raise NotFound(kind="requisition", code_text=f"LL-{number}")
    return found


def asked_by(work: Work, *, requisition_id: int) -> tuple[str, int | None]:
    """Return the key of the chat in which it was asked for ("" outside any), and who asked."""
    found = work.session.get_one(Requisition, requisition_id)
    return found.requested_in, found.requested_by


def _item(work: Work, line: RequisitionLine) -> dict[str, str]:
    what = work.session.get_one(Material, line.material_id)
    return {
        "material": what.code,
        "name": what.name,
        "quantity": str(line.quantity),
        "issued": str(line.issued),
        "unit": what.unit,
    }


def open_ones(work: Work, *, limit: int = 20) -> Sequence[RequisitionView]:
    """Return the requisitions that are not issued yet, oldest first."""
    return [_view(work, it) for it in _waiting(work, limit=limit)]


def open_codes(work: Work, *, limit: int = 6) -> Sequence[str]:
    """Return codes of requisitions that are not issued yet, oldest first."""
    return [it.code for it in _waiting(work, limit=limit)]


def _waiting(work: Work, *, limit: int) -> Sequence[Requisition]:
    query = select(Requisition).where(
        Requisition.site_id == work.site_id, Requisition.status.in_(WAITING), ~Requisition.void
    )
    return work.session.scalars(query.order_by(Requisition.number).limit(limit)).all()


def _view(work: Work, found: Requisition) -> RequisitionView:
    order = work.session.get_one(WorkOrder, found.order_id)
    lines = [it for it in supply.lines_asked(work, found) if it.quantity > it.issued]
    return RequisitionView(
        code=found.code,
        order=order.code,
        line=order.line,
        status=found.status,
        requested_at=found.requested_at,
        taker=name_of(work, found.taken_by),
        left=tuple(work.session.get_one(Material, it.material_id).code for it in lines),
    )
