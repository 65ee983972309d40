"""How requisitions stand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.material import Material
from domain.models.supply import Requisition, RequisitionLine, RequisitionStatus
from domain.models.work_order import WorkOrder
from domain.store import supply
from domain.work import Work


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


def open_codes(work: Work, *, limit: int = 6) -> Sequence[str]:
    """Return codes of requisitions that are not issued yet, oldest first."""
    waiting = (RequisitionStatus.REQUESTED, RequisitionStatus.TAKEN)
    query = select(Requisition).where(
        Requisition.site_id == work.site_id, Requisition.status.in_(waiting), ~Requisition.void
    )
    return [it.code for it in work.session.scalars(query.order_by(Requisition.number).limit(limit))]
