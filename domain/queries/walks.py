"""Everything that a thing went into, or was made from: the recursive queries behind a trace.

What an answer only counts is counted there, and only what it names comes back: a lot may have gone into tens
of thousands of pieces.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as as_type

from domain.models.genealogy import Confidence, Edge
from domain.models.unit import Unit
from domain.queries.named import Thing
from domain.store.prepared import Prepared
from domain.work import Work

MOST: Final = 12
FEW: Final = 3
"""Of more pieces only the numbers are told, order by order: they would hide the boxes behind them."""
ENDED: Final = 6
LIVING: Final = (Edge.ended_at.is_(None), ~Edge.void)
_EDGE: Final = (
    *(Edge.id, Edge.parent_kind, Edge.parent_id, Edge.confidence),
    *(Edge.quantity, Edge.unit, Edge.operation, Edge.position),
)
_LINK: Final = {
    "quantity": Edge.quantity,
    "unit": Edge.unit,
    "operation": Edge.operation,
    "position": Edge.position,
    "edge": Edge.id,
}
_ENDS: Final = ((Edge.parent_kind, Edge.parent_id), (Edge.child_kind, Edge.child_id))
Carry = Callable[[CTE], Sequence[ColumnElement[Any]]]


def _nothing(_way: CTE) -> tuple[()]:
    return ()


def _deeper(way: CTE) -> tuple[ColumnElement[Any], ...]:
    return way.c.depth + 1, case((Edge.confidence == Confidence.SHARED, 1), else_=way.c.shared)


def as_sure(way: CTE) -> tuple[ColumnElement[Any]]:
    """Carry on `sure`: 1 as long as every edge of a way is exact, else 0."""
    return (case((Edge.confidence == Confidence.EXACT, way.c.sure), else_=0),)


def begin(thing: Thing | None = None, **carried: int) -> Select[Any]:
    """Select where a walk sets out (else from the parameters `kind` and `ref`), and what it carries."""
    kind, ref = map(literal, thing) if thing else (bindparam("kind"), bindparam("ref"))
    columns: list[Any] = [as_type(ref, BigInteger).label("ref"), as_type(kind, String(12)).label("kind")]
    return select(*columns, *(literal(value, Integer).label(name) for name, value in carried.items()))


def walk(start: Select[Any], *, forward: bool, along: Sequence[Any] = LIVING, carry: Carry = _nothing) -> CTE:
    """Make the things on the way from `start` (ref, kind, what is carried), itself among them.

    `carry` gives what a step carries on from the thing before it. Where two ways that carry different things
    lead to one, it is there twice. The id stands in front: what is sorted by a number first is sorted sooner.
    """
    here, there = _ENDS if forward else _ENDS[::-1]
    way = start.cte("way", recursive=True)
    step = select(there[1], there[0], *carry(way))
    step = step.join(way, and_(here[1] == way.c.ref, here[0] == way.c.kind)).where(*along)
    return way.union(step)


def _reached(*, forward: bool) -> CTE:
    """Make the things on the way from (kind, ref), itself at depth 0: each once, with its least depth.

    `shared` is 1 where only ways with a shared edge in them lead there. The way is read once, and need not
    be kept for that.
    """
    way = walk(begin(depth=0, shared=0), forward=forward, carry=_deeper).prefix_with("NOT MATERIALIZED")
    least = (func.min(way.c.depth).label("depth"), func.min(way.c.shared).label("shared"))
    return select(way.c.ref, way.c.kind, *least).group_by(way.c.ref, way.c.kind).cte("reached")


def _near(reached: CTE) -> CTE:
    """Make the nearest things, so many of each kind: ten boxes must not hide the lots in them."""
    is_piece = and_(reached.c.kind == "unit", reached.c.depth > 0)
    are_few = select(func.count().filter(is_piece) <= FEW).select_from(reached).scalar_subquery()
    place = func.row_number().over(partition_by=reached.c.kind, order_by=(reached.c.depth, reached.c.ref))
    placed = (
        select(reached, place.label("place"))
        .where(reached.c.depth > 0, or_(reached.c.kind != "unit", are_few))
        .subquery("placed")
    )
    return select(placed).where(placed.c.place <= MOST).cte("near")


def _counted(reached: CTE) -> Select[Any]:
    """Select how many things were reached: pieces by order and state, whatever else by kind alone."""
    mine = and_(reached.c.kind == "unit", Unit.id == reached.c.ref)
    alike = (Unit.order_id, Unit.status, reached.c.kind, reached.c.depth, reached.c.shared)
    return (
        select(
            reached.c.kind,
            Unit.order_id.label("ref"),
            reached.c.depth,
            reached.c.shared,
            func.count().label("count"),
            type_coerce(Unit.status, String).label("status"),
            func.min(Unit.code).label("first"),
            func.max(Unit.code).label("last"),
            *(as_type(null(), it.type).label(name) for name, it in _LINK.items()),
        )
        .select_from(reached)
        .outerjoin(Unit, mine)
        .where(reached.c.depth > 0)
        .group_by(*alike)
    )


def _came(reached: CTE, near: CTE) -> Select[Any]:
    """Select the steps to the nearest things from all that are reached, those of one way to one as one.

    What a thing is made of is bounded, how far a lot goes is not: edges are looked up by their children, and
    of each is asked whether its other end is reached, and whether by shared ways alone.
    """
    parent = tuple_(Edge.parent_id, Edge.parent_kind)
    ends = select(reached.c.ref, reached.c.kind)
    doubtful = or_(Edge.confidence == Confidence.SHARED, parent.in_(ends.where(reached.c.shared == 1)))
    steps = select(near).join(Edge, and_(Edge.child_id == near.c.ref, Edge.child_kind == near.c.kind))
    steps = steps.where(*LIVING, parent.in_(ends))
    return _added_up(steps, near, sure=case((doubtful, 1), else_=0), of=Edge.__table__.c)


def _went(reached: CTE, near: CTE) -> Select[Any]:
    """Select the steps back from all that are reached to the nearest things, those of one way to one as one.

    Here, too, edges are looked up by their children, which are what is reached. They are set apart, or SQLite
    would look over all that the nearest things ever went into.
    """
    step = (
        select(*_EDGE, reached.c.shared)
        .join(reached, and_(Edge.child_id == reached.c.ref, Edge.child_kind == reached.c.kind))
        .where(*LIVING)
        .cte("step")
        .prefix_with("MATERIALIZED")
    )
    sure = case((step.c.confidence == Confidence.SHARED, 1), else_=step.c.shared)
    steps = select(near).join(step, and_(step.c.parent_id == near.c.ref, step.c.parent_kind == near.c.kind))
    return _added_up(steps, near, sure=sure, of=step.c)


def _added_up(steps: Select[Any], near: CTE, *, sure: Any, of: Any) -> Select[Any]:
    """Select to what, how near, how sure and how much, by the columns of edges, in the order of `_counted`.

    Grouped is by the name of `sure`: to PostgreSQL an expression with a parameter is another one each time.
    """
    end, way = (near.c.kind, near.c.ref, near.c.depth), (of.unit, of.operation, of.position)
    added = as_type(func.sum(of.quantity), BigInteger)
    found = (*end, sure.label("sure"), *(null() for _counted in range(4)), added)
    return steps.with_only_columns(*found, *way, func.min(of.id)).group_by(*end, "sure", *way)


def _told(*, forward: bool) -> Prepared:
    reached = _reached(forward=forward)
    linked = (_came if forward else _went)(reached, _near(reached))
    return Prepared(union_all(_counted(reached), linked))


def _ended(*, forward: bool) -> Prepared:
    """Make the query for what is in there no more, the newest few."""
    here, there = _ENDS if forward else _ENDS[::-1]
    query = select(
        *(there[0].label("kind"), there[1].label("ref"), literal(1).label("depth")),
        case((Edge.confidence == Confidence.SHARED, 1), else_=0).label("shared"),
        *(Edge.quantity, Edge.unit, Edge.operation, Edge.position),
    )
    mine = (here[0] == bindparam("kind"), here[1] == bindparam("ref"), Edge.ended_at.is_not(None), ~Edge.void)
    return Prepared(query.where(*mine).order_by(Edge.ended_at.desc(), Edge.id).limit(ENDED))


def _pieces(*, forward: bool) -> Prepared:
    reached = _reached(forward=forward)
    query = select(Unit.id.label("ref"), reached.c.shared).join(Unit, Unit.id == reached.c.ref)
    return Prepared(query.where(reached.c.kind == "unit", reached.c.depth > 0).order_by(Unit.code))


_TOLD: Final = {forward: _told(forward=forward) for forward in (True, False)}
_GONE: Final = {forward: _ended(forward=forward) for forward in (True, False)}
_PIECES: Final = {forward: _pieces(forward=forward) for forward in (True, False)}


def told(work: Work, start: Thing, *, forward: bool) -> tuple[list[Any], list[Any]]:
    """Return what was reached, counted, and the steps to the nearest things.

    Counted are kind, depth, shared, count; of pieces also the order (ref), status, first and last code.
    """
    rows = _TOLD[forward].all(work, kind=start[0], ref=start[1])
    return [row for row in rows if row.edge is None], [row for row in rows if row.edge is not None]


def ended(work: Work, start: Thing, *, forward: bool) -> list[Any]:
    """Return the steps to what is in there no more, the newest few."""
    return _GONE[forward].all(work, kind=start[0], ref=start[1])


def pieces(work: Work, start: Thing, *, forward: bool) -> dict[int, int]:
    """Return the pieces that are reached by their codes: id -> 1 where only shared ways lead there."""
    rows = _PIECES[forward].all(work, kind=start[0], ref=start[1])
    return {row.ref: row.shared for row in rows}
