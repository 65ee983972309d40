"""Shipments as they read: who got what, when, and what is in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.container import Shipment, ShipmentStatus
from domain.models.genealogy import How
from domain.queries import contents, named
from domain.queries.contents import Amount
from domain.store import containers
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class ShipmentView:
    """One shipment: `things` left as one (boxes, loose pieces), `content` is what is in them."""

    id: int
    code: str
    customer: str
    customer_order: str
    status: ShipmentStatus
    shipped_at: datetime | None
    things: tuple[str, ...]
    content: tuple[Amount, ...]


def shipment(work: Work, *, code: str) -> ShipmentView:
    """Return a shipment; raises NotFound."""
    query = select(Shipment).where(Shipment.site_id == work.site_id, Shipment.code == code, ~Shipment.void)
    found = work.session.scalars(query).first()
    if found is None:
        raise NotFound(kind="shipment", code_text=code)
    inside = things(work, shipment_id=found.id)
    names = named.called(work, inside)
    return ShipmentView(
        id=found.id,
        code=found.code,
        customer=found.customer,
        customer_order=found.customer_order,
        status=found.status,
        shipped_at=found.shipped_at,
        things=tuple(names[thing].code for thing in inside),
        content=content(work, shipment_id=found.id),
    )


def content(work: Work, *, shipment_id: int) -> tuple[Amount, ...]:
    """Return how much of which order is in a shipment, less what has come back."""
    inside = things(work, shipment_id=shipment_id)
    return contents.amounts(
        work,
        containers_=[ref for kind, ref in inside if kind == "container"],
        units_=[ref for kind, ref in inside if kind == "unit"],
    )


def things(work: Work, *, shipment_id: int) -> list[named.Thing]:
    """Return what left as one in a shipment, boxes and loose pieces, less what has come back."""
    left = containers.open_edges(work, of=[("shipment", shipment_id)], how=(How.SHIPPED,), upwards=True)
    return [(it.parent_kind, it.parent_id) for it in left]
