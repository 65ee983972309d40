"""Edges of genealogy that an act changes or asks about."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from domain.models.genealogy import Confidence, Edge, How
from domain.models.lot import Lot
from domain.models.work_order import WorkOrder
from domain.work import Work

Thing = tuple[str, int]
"""What an edge leads from or to: its kind and id."""


def new(
    work: Work,
    how: How,
    *,
    parent: Thing,
    child: Thing,
    quantity: Decimal,
    unit: str = "个",
    operation: str = "",
    position: str = "",
) -> Edge:
    """Return a new edge, not added yet: so much of `parent` went into `child`.

    What an order has used its pieces share; what went into a piece, a lot or a box is known exactly.
    """
    exact = child[0] != "order"
    return Edge(
        id=work.new_id(),
        site_id=work.site_id,
        parent_kind=parent[0],
        parent_id=parent[1],
        child_kind=child[0],
        child_id=child[1],
        how=how,
        quantity=quantity,
        unit=unit,
        operation=operation,
        position=position,
        confidence=Confidence.EXACT if exact else Confidence.SHARED,
        made_at=work.now,
        void=False,
    )


def used_by(work: Work, lot: Lot, order: WorkOrder) -> Sequence[Edge]:
    """Return the living edges by which a lot went into an order, the newest first; its lock covers them."""
    query = select(Edge).where(
        Edge.parent_kind == "lot",
        Edge.parent_id == lot.id,
        Edge.child_kind == "order",
        Edge.child_id == order.id,
        Edge.ended_at.is_(None),
        ~Edge.void,
    )
    query = query.order_by(Edge.id.desc()).execution_options(populate_existing=True)
    return work.session.scalars(query).all()


def made(work: Work, order: WorkOrder, lot: Lot) -> Edge | None:
    """Return the living edge that says how much of a lot an order has made."""
    query = select(Edge).where(
        Edge.parent_kind == "order",
        Edge.parent_id == order.id,
        Edge.child_kind == "lot",
        Edge.child_id == lot.id,
        Edge.how == How.MADE,
        ~Edge.void,
    )
    return work.session.scalars(query.execution_options(populate_existing=True)).first()


def reworked(work: Work, again: WorkOrder) -> Sequence[Edge]:
    """Return the living edge by which pieces came into a rework order."""
    query = select(Edge).where(
        Edge.child_kind == "order",
        Edge.child_id == again.id,
        Edge.how == How.CONSUMED,
        Edge.operation == "",
        Edge.ended_at.is_(None),
        ~Edge.void,
    )
    return work.session.scalars(query).all()


def divided(work: Work, *, source: Lot, part: Lot) -> Edge | None:
    """Return the living edge by which a part was split off its source."""
    query = select(Edge).where(
        Edge.parent_kind == "lot",
        Edge.parent_id == source.id,
        Edge.child_kind == "lot",
        Edge.child_id == part.id,
        Edge.how == How.DIVIDED,
        Edge.ended_at.is_(None),
        ~Edge.void,
    )
    return work.session.scalars(query.execution_options(populate_existing=True)).first()
