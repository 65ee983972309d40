"""追溯: what went into a thing and what it went into, any depth, over lots, orders, pieces, boxes, shipments.

One recursive query for each direction finds everything that is reached; only the nearest links are then read
and named, the rest is counted by kind. A way is `exact` only where every edge on it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, select

from domain.errors import NotFound
from domain.models.finding import Complaint
from domain.models.genealogy import Confidence
from domain.queries import links, named, walks
from domain.queries.links import Link
from domain.queries.named import Named, Thing
from domain.store.prepared import Prepared
from domain.work import Work

_SAID: Final = Prepared(
    select(Complaint.text)
    .where(Complaint.kind == bindparam("kind"), Complaint.ref == bindparam("ref"), ~Complaint.void)
    .order_by(Complaint.number)
)


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
    counted, steps = walks.told(work, start, forward=forward)
    gone = walks.ended(work, start, forward=forward)
    units = [row for row in counted if row.kind == "unit"]
    if sum(row.count for row in units) <= walks.FEW:
        units = []
    called = named.called(
        work, {("order", row.ref) for row in units} | {(it.kind, it.ref) for it in steps + gone}
    )
    return Side(
        links=(*links.near(steps, called), *links.ended(gone, called)),
        pieces=_pieces(units, called),
        reached=_counted(counted),
    )


def _pieces(rows: Iterable[Any], called: Mapping[Thing, Named]) -> tuple[Pieces, ...]:
    """Return the pieces that were reached by order and sureness, those of the nearest in front."""
    alike: dict[tuple[int, int, str], list[Any]] = {}
    for row in rows:
        alike.setdefault((row.depth, row.shared, called["order", row.ref].code), []).append(row)
    return tuple(_summed(key, alike[key]) for key in sorted(alike))


def _summed(key: tuple[int, int, str], rows: Sequence[Any]) -> Pieces:
    depth, shared, order = key
    return Pieces(
        depth=depth,
        order=order,
        count=sum(row.count for row in rows),
        first=min(row.first for row in rows),
        last=max(row.last for row in rows),
        statuses=tuple(sorted(((row.status, row.count) for row in rows), key=lambda it: (-it[1], it[0]))),
        confidence=Confidence.SHARED if shared else Confidence.EXACT,
    )


def _counted(rows: Iterable[Any]) -> tuple[Reached, ...]:
    counts: Counter[tuple[str, int]] = Counter()
    for row in rows:
        counts[row.kind, row.shared] += row.count
    kinds = sorted({kind for kind, _shared in counts}, key=list(named.MODELS).index)
    return tuple(Reached(kind=it, exact=counts[it, 0], shared=counts[it, 1]) for it in kinds)


def _complaints(work: Work, thing: Thing) -> tuple[str, ...]:
    return tuple(row.text for row in _SAID.all(work, kind=thing[0], ref=thing[1]))
