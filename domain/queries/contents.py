"""What a container holds: its code stands for its contents in every command that takes pieces."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, String, and_, cast, func, literal, select, union_all
from sqlalchemy.sql.selectable import CTE

from domain.errors import NoNumbers
from domain.models.columns import Exact
from domain.models.container import Container, ContainerStatus
from domain.models.genealogy import Edge, How
from domain.models.material import Material
from domain.models.unit import Unit
from domain.models.work_order import WorkOrder
from domain.store import containers, orders
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Amount:
    """So much of what one order has made, with numbers or without."""

    order_id: int
    order: str
    product: str
    quantity: Decimal
    unit: str


def spelt_out(work: Work, codes: Collection[str]) -> list[str]:
    """Return codes with those of containers replaced by the pieces in them, each once."""
    boxes = containers.by_codes(work, codes)
    given: list[str] = []
    for code in codes:
        given += _units(work, [boxes[code]]) if code in boxes else [code]
    return list(dict.fromkeys(given))


def numbered(work: Work, codes: Sequence[str]) -> list[str]:
    """Return the codes as `spelt_out`; raises NoNumbers where that leaves none."""
    given = spelt_out(work, codes)
    if codes and not given:
        raise NoNumbers(thing=codes[0])
    return given


def _units(work: Work, container_ids: Sequence[int]) -> list[str]:
    inside = _inside(container_ids)
    query = (
        select(Unit.code)
        .join(inside, and_(inside.c.kind == "unit", inside.c.ref == Unit.id))
        .order_by(inside.c.edge)
    )
    work.session.flush()
    return list(work.session.scalars(query))


def content_of(work: Work, *, container_id: int) -> Sequence[tuple[str, int]]:
    """Return everything in a container, at any depth: (kind, id) of pieces, lots, orders, containers."""
    inside = _inside([container_id])
    work.session.flush()
    rows = work.session.execute(
        select(inside.c.kind, inside.c.ref).where(inside.c.edge != 0).order_by(inside.c.edge)
    )
    return [(kind, ref) for kind, ref in rows]


def orders_in(work: Work, *, containers_: Collection[int], units_: Collection[int] = ()) -> list[int]:
    """Return the ids of the orders that the contents of containers, and these pieces, are of; once each."""
    inside = _inside(list(containers_))
    work.session.flush()
    of_units = select(Unit.order_id).where(Unit.id.in_(list(units_)))
    packed = select(Unit.order_id).join(inside, and_(inside.c.kind == "unit", inside.c.ref == Unit.id))
    whole = select(inside.c.ref).where(inside.c.kind == "order")
    return sorted(work.session.scalars(of_units.union(packed, whole)))


def amounts(work: Work, *, containers_: Collection[int], units_: Collection[int] = ()) -> tuple[Amount, ...]:
    """Return how much of which order containers, at any depth, and these pieces hold."""
    inside = _inside(list(containers_))
    work.session.flush()
    one = cast(literal(Decimal(1), Exact()), Exact())
    loose = select(Unit.order_id.label("ref"), one.label("quantity")).where(Unit.id.in_(list(units_)))
    pieces = select(Unit.order_id, one).join(inside, and_(inside.c.kind == "unit", inside.c.ref == Unit.id))
    whole = select(Edge.parent_id, Edge.quantity).join(inside, inside.c.edge == Edge.id)
    every = union_all(loose, pieces, whole.where(inside.c.kind == "order")).subquery()
    query = (
        select(
            WorkOrder.id,
            WorkOrder.code,
            Material.code,
            Material.name,
            func.sum(every.c.quantity),
            WorkOrder.unit,
        )
        .join(every, every.c.ref == WorkOrder.id)
        .join(Material, Material.id == WorkOrder.product_id)
        .group_by(WorkOrder.id, WorkOrder.code, Material.code, Material.name, WorkOrder.unit)
        .order_by(WorkOrder.code)
    )
    return tuple(
        Amount(
            order_id=order_id,
            order=order,
            product=f"{product} {name}".strip(),
            quantity=quantity,
            unit=unit,
        )
        for order_id, order, product, name, quantity, unit in work.session.execute(query)
    )


def count(work: Work, *, container_id: int) -> Decimal:
    """Return how many pieces are in a container, at any depth, with numbers or without."""
    inside = _inside([container_id])
    query = select(func.sum(Edge.quantity)).join(inside, inside.c.edge == Edge.id)
    work.session.flush()
    return work.session.scalars(query.where(inside.c.kind != "container")).one() or Decimal(0)


def unnumbered(work: Work, container_ids: Collection[int]) -> Sequence[Edge]:
    """Return the edges by which pieces without numbers sit in containers, at any depth, the newest first."""
    inside = _inside(list(container_ids))
    query = select(Edge).join(inside, and_(inside.c.edge == Edge.id, inside.c.kind == "order"))
    work.session.flush()
    rows = work.session.scalars(query.order_by(Edge.id.desc()).execution_options(populate_existing=True))
    return rows.all()


def unnumbered_of(work: Work, *, container: str, order: str) -> Decimal:
    """Return how many pieces of an order sit without numbers in a container; none where there is no such."""
    boxes, found = containers.by_codes(work, [container]), orders.find(work, code=order)
    there = unnumbered(work, boxes.values()) if found else ()
    return sum((it.quantity for it in there if found and it.parent_id == found.id), Decimal(0))


def shared_out(there: Sequence[Edge], quantity: Decimal) -> Iterator[tuple[Edge, Decimal]]:
    """Yield of which edges so many are, with how many of each: the first in front."""
    for edge in there:
        much = min(edge.quantity, quantity)
        quantity -= much
        if much:
            yield edge, much


def unnumbered_away(work: Work, order_ids: Collection[int]) -> Sequence[Edge]:
    """Return the edges by which pieces of orders, without numbers, sit in containers that are shipped."""
    box = and_(Edge.child_kind == "container", Edge.child_id == Container.id)
    query = (
        select(Edge)
        .join(Container, box)
        .where(Edge.parent_kind == "order", Edge.parent_id.in_(list(order_ids)), Edge.how == How.PACKED)
        .where(Container.status == ContainerStatus.SHIPPED, Edge.ended_at.is_(None), ~Edge.void)
    )
    work.session.flush()
    return work.session.scalars(query).all()


def packed_of(work: Work, *, order_id: int) -> tuple[Decimal, Decimal]:
    """Return how many pieces of an order without numbers were ever packed, and how many of those came back.

    What a customer has sent back is not there to be packed as it is.
    """
    came_back = func.sum(Edge.quantity).filter(Edge.ended_at.is_not(None))
    query = select(func.sum(Edge.quantity), came_back).where(
        Edge.parent_kind == "order", Edge.parent_id == order_id, Edge.how == How.PACKED, ~Edge.void
    )
    work.session.flush()
    ever, back = work.session.execute(query).one()
    return ever or Decimal(0), back or Decimal(0)


def _inside(container_ids: Sequence[int]) -> CTE:
    start: Any = (
        select(
            cast(literal("container"), String(12)).label("kind"),
            Container.id.label("ref"),
            cast(literal(0), BigInteger).label("edge"),
        )
        .where(Container.id.in_(container_ids))
        .cte("inside", recursive=True)
    )
    packed = (
        select(Edge.parent_kind, Edge.parent_id, Edge.id)
        .join(start, and_(Edge.child_kind == start.c.kind, Edge.child_id == start.c.ref))
        .where(start.c.kind == "container", Edge.how == How.PACKED, Edge.ended_at.is_(None), ~Edge.void)
    )
    return start.union(packed)  # type: ignore[no-any-return]
