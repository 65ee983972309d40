"""追溯: what went into a thing and what it went into, any depth, over lots, orders, pieces, boxes, shipments.

One recursive query for each direction finds everything that is reached; only the nearest links are then read
and named, the rest is counted by kind. A way is `exact` only where every edge on it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, String, and_, bindparam, case, func, select
from sqlalchemy import cast as as_type

from domain.errors import NotFound
from domain.models.finding import Complaint
from domain.models.genealogy import Confidence, Edge
from domain.models.unit import Unit
from domain.models.work_order import WorkOrder
from domain.queries import links, named
from domain.queries.links import Link
from domain.queries.named import Thing
from domain.store.prepared import Prepared
from domain.work import Work

MOST: Final = 12
FEW: Final = 3
"""Of more pieces only the numbers are told, order by order: they would hide the boxes behind them."""
AT_ONCE: Final = 5000


@dataclass(frozen=True, kw_only=True)
class Reached:
    """So many things of one kind were reached: by exact edges alone, and by ways with a shared one in it."""

    kind: str
    exact: int
    shared: int


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """Many pieces of one order that were reached: how many in each state, from which code to which."""

    depth: int
    order: str
    count: int
    first: str
    last: str
    statuses: tuple[tuple[str, int], ...]
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Side:
    """One direction: the nearest links, many pieces by their orders, and how many there are of each kind."""

    links: tuple[Link, ...]
    pieces: tuple[Pieces, ...]
    reached: tuple[Reached, ...]

    @property
    def is_cut(self) -> bool:
        """Whether there is more than the links show."""
        told = len({it.code for it in self.links}) + sum(it.count for it in self.pieces)
        return sum(it.exact + it.shared for it in self.reached) > told


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Both directions from one thing, and what customers complained of about it."""

    kind: str
    code: str
    what: str
    went_into: Side
    made_from: Side
    complaints: tuple[str, ...]


def _walk(*, forward: bool) -> Prepared:
    """Make the query for everything that is reached from (kind, ref): with depth, and 0 or 1 for shared."""
    here = (Edge.parent_kind, Edge.parent_id) if forward else (Edge.child_kind, Edge.child_id)
    there = (Edge.child_kind, Edge.child_id) if forward else (Edge.parent_kind, Edge.parent_id)
    start: Any = select(
        as_type(bindparam("kind"), String(12)).label("kind"),
        as_type(bindparam("ref"), BigInteger).label("ref"),
        as_type(bindparam("depth"), Integer).label("depth"),
        as_type(bindparam("shared"), Integer).label("shared"),
    ).cte("way", recursive=True)
    shared = case((Edge.confidence == Confidence.SHARED, 1), else_=start.c.shared)
    way = start.union(
        select(*there, start.c.depth + 1, shared)
        .join(start, and_(here[0] == start.c.kind, here[1] == start.c.ref))
        .where(Edge.ended_at.is_(None), ~Edge.void)
    )
    return Prepared(select(way.c.kind, way.c.ref, way.c.depth, way.c.shared))


FORWARD: Final = _walk(forward=True)
BACKWARD: Final = _walk(forward=False)


def trace(work: Work, *, code: str) -> Trace:
    """Return what has this code with both directions; raises NotFound, SeveralLots."""
    found = named.find(work, code=code)
    if found is None:
        raise NotFound(kind="code", code_text=code)
    start = (found.kind, found.id)
    return Trace(
        kind=found.kind,
        code=found.code,
        what=found.what,
        went_into=side(work, start, forward=True),
        made_from=side(work, start, forward=False),
        complaints=_complaints(work, start),
    )


def side(work: Work, start: Thing, *, forward: bool) -> Side:
    """Return one direction from a thing."""
    nodes = reach(work, start, forward=forward)
    many = sum(kind == "unit" for kind, _ref in nodes) > FEW
    near = _nearest(nodes, without=("unit",) if many else ())
    found = links.to(work, near, nodes=nodes, start=start, forward=forward)
    found += links.ended(work, start, forward=forward)
    pieces = _pieces(work, nodes) if many else []
    return Side(links=tuple(found), pieces=tuple(pieces), reached=_counted(nodes))


def _pieces(work: Work, nodes: Mapping[Thing, tuple[int, int]]) -> list[Pieces]:
    """Return the pieces that were reached by order and sureness, those of the nearest in front."""
    found: dict[tuple[int, int, str], list[tuple[str, str, int, str]]] = {}
    alike: dict[tuple[int, int], list[int]] = {}
    for (kind, ref), (depth, shared) in nodes.items():
        if kind == "unit":
            alike.setdefault((depth, shared), []).append(ref)
    for (depth, shared), refs in alike.items():
        for order, status, count, first, last in _by_order(work, refs):
            found.setdefault((depth, shared, order), []).append((first, last, count, status))
    return [_summed(key, rows) for key, rows in sorted(found.items())]


def _by_order(work: Work, refs: Sequence[int]) -> Iterable[Any]:
    """Yield (order, status, count, first code, last code) of pieces, so many of them at a time."""
    query = select(WorkOrder.code, Unit.status, func.count(), func.min(Unit.code), func.max(Unit.code))
    query = query.join(WorkOrder, WorkOrder.id == Unit.order_id).group_by(WorkOrder.code, Unit.status)
    for at in range(0, len(refs), AT_ONCE):
        yield from work.session.execute(query.where(Unit.id.in_(refs[at : at + AT_ONCE])))


def _summed(key: tuple[int, int, str], rows: Sequence[tuple[str, str, int, str]]) -> Pieces:
    depth, shared, order = key
    statuses: Counter[str] = Counter()
    for _first, _last, count, status in rows:
        statuses[str(status)] += count
    return Pieces(
        depth=depth,
        order=order,
        count=sum(statuses.values()),
        first=min(row[0] for row in rows),
        last=max(row[1] for row in rows),
        statuses=tuple(statuses.most_common()),
        confidence=Confidence.SHARED if shared else Confidence.EXACT,
    )


def _nearest(nodes: Mapping[Thing, tuple[int, int]], *, without: Sequence[str]) -> Sequence[Thing]:
    """Return the nearest things, so many of each kind at most: ten boxes must not hide the lots in them."""
    so_far: Counter[str] = Counter()
    near = []
    for thing in sorted(nodes, key=lambda thing: (nodes[thing][0], *thing)):
        so_far[thing[0]] += 1
        if so_far[thing[0]] <= MOST and thing[0] not in without:
            near.append(thing)
    return near


def reach(work: Work, start: Thing, *, forward: bool) -> Mapping[Thing, tuple[int, int]]:
    """Return everything that is reached: (kind, id) -> (least depth, 1 where only shared ways lead there)."""
    work.session.flush()
    query = FORWARD if forward else BACKWARD
    nodes: dict[Thing, tuple[int, int]] = {}
    for kind, ref, depth, shared in query.all(work, kind=start[0], ref=start[1], depth=0, shared=0):
        known = nodes.get((kind, ref))
        nodes[kind, ref] = (min(known[0], depth), min(known[1], shared)) if known else (depth, shared)
    nodes.pop(start, None)
    return nodes


def _counted(nodes: Mapping[Thing, tuple[int, int]]) -> tuple[Reached, ...]:
    counts = Counter((kind, shared) for (kind, _ref), (_depth, shared) in nodes.items())
    kinds = sorted({kind for kind, _shared in counts}, key=list(named.MODELS).index)
    return tuple(Reached(kind=it, exact=counts[it, 0], shared=counts[it, 1]) for it in kinds)


def _complaints(work: Work, thing: Thing) -> tuple[str, ...]:
    query = select(Complaint.text).where(
        Complaint.kind == thing[0], Complaint.ref == thing[1], ~Complaint.void
    )
    return tuple(work.session.scalars(query.order_by(Complaint.number)))
