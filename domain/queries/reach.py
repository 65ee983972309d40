"""What is made of a thing: how many of each kind, by exact and by shared edges, told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, select

from domain.errors import NotFound
from domain.models.container import Container, Shipment, ShipmentStatus
from domain.models.genealogy import Confidence, Edge
from domain.models.work_order import WorkOrder
from domain.queries import named, walks
from domain.queries.holds import HoldView, holds_over
from domain.store import things
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Reached:
    """So many things of one kind are made of it; `exact` for sure, `shared` perhaps."""

    kind: str
    exact: int
    shared: int


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A shipment that something of it is in: to whom, when, in which boxes, and how sure that is."""

    code: str
    customer: str
    shipped_at: datetime | None
    status: ShipmentStatus
    boxes: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What is made of a thing, whether it is held, the orders concerned, and who has it by now."""

    kind: str
    code: str
    what: str
    holds: Sequence[HoldView]
    reached: Sequence[Reached]
    orders: Sequence[str]
    shipments: Sequence[Sent]


def reach(work: Work, *, code: str, orders: int = 12, shipments: int = 12) -> Reach:
    """Return what is made of the thing of this code, over every living edge; raises NotFound, SeveralLots."""
    found = things.find(work, code=code)
    if found is None:
        raise NotFound(kind="code", code_text=code)
    kind, thing = found
    sure, counted = _below(kind, thing.id)
    rows: dict[str, list[int]] = {}
    for below, exact, count in work.session.execute(counted):
        rows.setdefault(below, [0, 0])[0 if exact else 1] = count
    concerned = (
        select(WorkOrder.code)
        .join(sure, and_(sure.c.kind == "order", sure.c.ref == WorkOrder.id))
        .order_by(WorkOrder.code)
        .limit(orders)
    )
    return Reach(
        kind=kind,
        code=thing.code,
        what=named.called(work, [(kind, thing.id)])[kind, thing.id].what,
        holds=holds_over(work, kind=kind, ref=thing.id),
        reached=[Reached(kind=it, exact=rows[it][0], shared=rows[it][1]) for it in sorted(rows)],
        orders=work.session.scalars(concerned).all(),
        shipments=_sent(work, sure, most=shipments),
    )


def _sent(work: Work, below: Subquery, *, most: int) -> Sequence[Sent]:
    """Return the newest shipments among what is reached, each with the boxes in it that are reached too."""
    query = (
        select(Shipment, below.c.sure)
        .join(below, and_(below.c.kind == "shipment", below.c.ref == Shipment.id))
        .order_by(Shipment.shipped_at.desc(), Shipment.id.desc())
        .limit(most)
    )
    found = work.session.execute(query).all()
    boxes = _boxes(work, below, shipments=[it.id for it, _sure in found])
    return [
        Sent(
            code=it.code,
            customer=it.customer,
            shipped_at=it.shipped_at,
            status=it.status,
            boxes=tuple(boxes.get(it.id, ())),
            confidence=Confidence.EXACT if sure else Confidence.SHARED,
        )
        for it, sure in found
    ]


def _boxes(work: Work, below: Subquery, *, shipments: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(Edge.child_id, Container.code)
        .join(Container, and_(Edge.parent_kind == "container", Edge.parent_id == Container.id))
        .join(below, and_(below.c.kind == "container", below.c.ref == Container.id))
        .where(Edge.child_kind == "shipment", Edge.child_id.in_(shipments), ~Edge.void)
        .order_by(Container.code)
    )
    boxes: dict[int, list[str]] = {}
    for shipment, code in work.session.execute(query) if shipments else ():
        boxes.setdefault(shipment, []).append(code)
    return boxes


def _below(kind: str, ref: int) -> tuple[Subquery, Select[Any]]:
    """Return everything made of a thing with how sure it is, and the counts by kind and that."""
    down = walks.walk(walks.begin((kind, ref), sure=1), forward=True, carry=walks.as_sure)
    best = (
        select(down.c.kind, down.c.ref, func.max(down.c.sure).label("sure"))
        .where(down.c.ref != ref)
        .group_by(down.c.kind, down.c.ref)
        .subquery()
    )
    counted = select(best.c.kind, best.c.sure, func.count()).group_by(best.c.kind, best.c.sure)
    return best, counted
