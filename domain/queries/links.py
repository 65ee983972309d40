"""The links of a trace: the nearest ends, how much went there altogether, how sure that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import select

from domain.models.genealogy import Confidence, Edge
from domain.queries import named
from domain.queries.named import Named, Thing
from domain.work import Work

ENDED: Final = 6
AT_ONCE: Final = 5000
COLUMNS: Final = (
    *(Edge.parent_kind, Edge.parent_id, Edge.child_kind, Edge.child_id, Edge.confidence),
    *(Edge.quantity, Edge.unit, Edge.operation, Edge.position, Edge.ended_at),
)


@dataclass(kw_only=True)
class Link:
    """One step of genealogy: the other end, how much altogether, how sure the whole way to it is."""

    depth: int
    kind: str
    code: str
    what: str
    quantity: Decimal
    unit: str
    operation: str
    position: str
    confidence: Confidence
    ended: bool
    status: str


def to(
    work: Work,
    near: Sequence[Thing],
    *,
    nodes: Mapping[Thing, tuple[int, int]],
    start: Thing,
    forward: bool,
) -> list[Link]:
    """Return the links to the nearest of all things that are reached from `start`, the first level in front.

    `nodes` says of each thing its depth and, with 1, that only shared ways lead there.
    """
    called = named.called(work, near)
    led = []
    for edge in _edges(work, near, nodes=nodes, start=start, forward=forward):
        end, came = _ends(edge, forward=forward)
        if end in called and (came == start or came in nodes):
            depth, shared = nodes.get(came, (0, 0))
            led.append((called[end], edge, depth + 1, bool(shared)))
    return sorted(_together(led), key=attrgetter("depth"))


def _ends(edge: Any, *, forward: bool) -> tuple[Thing, Thing]:
    """Return where an edge leads and where it comes from, in this direction."""
    child, parent = (edge.child_kind, edge.child_id), (edge.parent_kind, edge.parent_id)
    return (child, parent) if forward else (parent, child)


def _edges(
    work: Work,
    near: Sequence[Thing],
    *,
    nodes: Mapping[Thing, tuple[int, int]],
    start: Thing,
    forward: bool,
) -> Iterable[Any]:
    """Yield rows of edges among which are all that lead to the nearest things, the oldest of each kind first.

    They are looked up by their children: what a thing is made of is bounded, how far a lot goes is not.
    """
    farthest = max((nodes[it][0] for it in near), default=0)
    before = [start, *(it for it, (depth, _shared) in nodes.items() if depth < farthest)]
    alike: dict[str, list[int]] = {}
    for kind, ref in near if forward else before:
        alike.setdefault(kind, []).append(ref)
    query = select(*COLUMNS).where(Edge.ended_at.is_(None), ~Edge.void).order_by(Edge.id)
    for kind, refs in alike.items():
        for at in range(0, len(refs), AT_ONCE):
            here = (Edge.child_kind == kind, Edge.child_id.in_(refs[at : at + AT_ONCE]))
            yield from work.session.execute(query.where(*here))


def ended(work: Work, start: Thing, *, forward: bool) -> list[Link]:
    """Return what is in there no more: exchanged parts, things unpacked; the newest few."""
    kind, ref = (Edge.parent_kind, Edge.parent_id) if forward else (Edge.child_kind, Edge.child_id)
    query = select(*COLUMNS).where(kind == start[0], ref == start[1], Edge.ended_at.is_not(None), ~Edge.void)
    edges = work.session.execute(query.order_by(Edge.ended_at.desc(), Edge.id).limit(ENDED)).all()
    ends = [_ends(edge, forward=forward)[0] for edge in edges]
    called = named.called(work, ends)
    return _together((called[end], edge, 1, False) for edge, end in zip(edges, ends, strict=True))


def _together(led: Iterable[tuple[Named, Any, int, bool]]) -> list[Link]:
    """Return links of (end, edge, depth, shared before), those to one thing by one way as one."""
    ways: dict[tuple[object, ...], Link] = {}
    for end, edge, depth, shared in led:
        sure = Confidence.SHARED if shared else edge.confidence
        ended = edge.ended_at is not None
        way = (depth, end.kind, end.id, edge.operation, edge.position, sure, ended)
        if known := ways.get(way):
            known.quantity += edge.quantity
            continue
        ways[way] = Link(
            depth=depth,
            kind=end.kind,
            code=end.code,
            what=end.what,
            quantity=edge.quantity,
            unit=edge.unit,
            operation=edge.operation,
            position=edge.position,
            confidence=sure,
            ended=ended,
            status=end.status,
        )
    return list(ways.values())
