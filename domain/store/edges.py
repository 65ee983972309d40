"""Edges of genealogy that an act changes or asks about."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, String, and_, cast, literal, select

from domain.models.genealogy import Edge, How
from domain.models.lot import Lot
from domain.models.work_order import WorkOrder
from domain.work import Work


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


def is_above(work: Work, thing: tuple[str, int], *, of: tuple[str, int]) -> bool:
    """Say whether a thing (kind, id) went into another: an edge back would close a circle."""
    work.session.flush()
    start = select(
        cast(literal(of[0]), String(12)).label("kind"), cast(literal(of[1]), BigInteger).label("ref")
    )
    up = start.cte("up", recursive=True)
    step = (
        select(Edge.parent_kind, Edge.parent_id)
        .join(up, and_(Edge.child_kind == up.c.kind, Edge.child_id == up.c.ref))
        .where(~Edge.void)
    )
    up = up.union(step)
    query = select(up.c.ref).where(up.c.kind == thing[0], up.c.ref == thing[1])
    return work.session.execute(query.limit(1)).first() is not None
