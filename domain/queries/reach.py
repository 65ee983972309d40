"""What is made of a thing: how many of each kind, by exact and by shared edges, told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, String, Subquery, and_, case, cast, func, literal, select

from domain.errors import NotFound
from domain.models.genealogy import Confidence, Edge
from domain.models.work_order import WorkOrder
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
class Reach:
    """What is made of a thing, whether it is held, and the orders concerned."""

    kind: str
    code: str
    holds: Sequence[HoldView]
    reached: Sequence[Reached]
    orders: Sequence[str]


def reach(work: Work, *, code: str, orders: int = 12) -> Reach:
    """Return what is made of the thing of this code, over every living edge; raises NotFound, SeveralLots."""
    found = things.find(work, code=code)
    if found is None:
        raise NotFound(kind="code", code_text=code)
    kind, thing = found
    sure, counted = _below(kind, thing.id)
    rows: dict[str, list[int]] = {}
    for below, exact, count in work.session.execute(counted):
        rows.setdefault(below, [0, 0])[0 if exact else 1] = count
    named = (
        select(WorkOrder.code)
        .join(sure, and_(sure.c.kind == "order", sure.c.ref == WorkOrder.id))
        .order_by(WorkOrder.code)
        .limit(orders)
    )
    return Reach(
        kind=kind,
        code=thing.code,
        holds=holds_over(work, kind=kind, ref=thing.id),
        reached=[Reached(kind=it, exact=rows[it][0], shared=rows[it][1]) for it in sorted(rows)],
        orders=work.session.scalars(named).all(),
    )


def _below(kind: str, ref: int) -> tuple[Subquery, Select[Any]]:
    """Return everything made of a thing with how sure it is, and the counts by kind and that."""
    start = select(
        cast(literal(kind), String(12)).label("kind"),
        cast(literal(ref), BigInteger).label("ref"),
        cast(literal(1), Integer).label("sure"),
    )
    down = start.cte("down", recursive=True)
    step = (
        select(
            Edge.child_kind,
            Edge.child_id,
            case((Edge.confidence == Confidence.EXACT, down.c.sure), else_=0),
        )
        .join(down, and_(Edge.parent_kind == down.c.kind, Edge.parent_id == down.c.ref))
        .where(Edge.ended_at.is_(None), ~Edge.void)
    )
    down = down.union(step)
    best = (
        select(down.c.kind, down.c.ref, func.max(down.c.sure).label("sure"))
        .where(down.c.ref != ref)
        .group_by(down.c.kind, down.c.ref)
        .subquery()
    )
    counted = select(best.c.kind, best.c.sure, func.count()).group_by(best.c.kind, best.c.sure)
    return best, counted
