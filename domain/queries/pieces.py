"""单件清单: the pieces behind a thing one by one, with the box and the shipment that each is in now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.genealogy import Confidence, How
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import WorkOrder
from domain.queries import named, walks
from domain.queries.named import Named, Thing
from domain.queries.paging import cut
from domain.store import containers
from domain.work import Work

SIZE: Final = 30
AT_ONCE: Final = 1000
DEEPEST: Final = 4
"""A piece in a box on a pallet in a shipment; no deeper is looked for one."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece: of which order, how it stands, what it is in from the inside out."""

    code: str
    order: str
    status: UnitStatus
    inside: tuple[Named, ...]
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the pieces behind a thing, in the order of their codes; `every` one of them, where asked."""

    code: str
    number: int
    pages: int
    total: int
    pieces: tuple[Piece, ...]
    every: tuple[Piece, ...]


def of_thing(work: Work, *, code: str, page: int | None = None, most: int = 0) -> Page:
    """Return a page of the pieces that were made of a thing, or else are in it; the first without a number.

    Of pieces that fill several pages so many as `most` are given at once, too. Raises NotFound, SeveralLots.
    """
    found = named.find(work, code=code)
    if found is None:
        raise NotFound(kind="code", code_text=code)
    start = (found.kind, found.id)
    sure = walks.pieces(work, start, forward=True) or walks.pieces(work, start, forward=False)
    part = cut(len(sure), size=SIZE, page=page or 1)
    refs = list(sure)
    return Page(
        code=found.code,
        number=part.number,
        pages=part.pages,
        total=len(sure),
        pieces=tuple(_told(work, refs[part.first : part.end], sure)),
        every=tuple(_every(work, refs[:most], sure)) if part.pages > 1 else (),
    )


def _every(work: Work, refs: Sequence[int], sure: Mapping[int, int]) -> Iterator[Piece]:
    for at in range(0, len(refs), AT_ONCE):
        yield from _told(work, refs[at : at + AT_ONCE], sure)


def _told(work: Work, refs: Sequence[int], sure: Mapping[int, int]) -> list[Piece]:
    query = select(Unit.id, Unit.code, Unit.status, WorkOrder.code)
    query = query.join(WorkOrder, WorkOrder.id == Unit.order_id).where(Unit.id.in_(refs)).order_by(Unit.code)
    inside = around(work, [("unit", ref) for ref in refs])
    return [
        Piece(
            code=code,
            order=order,
            status=status,
            inside=tuple(_way(("unit", ref), inside)),
            confidence=Confidence.SHARED if sure[ref] else Confidence.EXACT,
        )
        for ref, code, status, order in work.session.execute(query)
    ]


def around(work: Work, things: Sequence[Thing]) -> Mapping[Thing, Named]:
    """Return what each thing sits in, and what that sits in, up to its shipment, with its name."""
    inside: dict[Thing, Thing] = {}
    for _level in range(DEEPEST):
        edges = containers.open_edges(work, of=things, how=(How.PACKED, How.SHIPPED)) if things else []
        inside |= {(it.parent_kind, it.parent_id): (it.child_kind, it.child_id) for it in edges}
        things = list({(it.child_kind, it.child_id) for it in edges} - set(inside))
    names = named.called(work, set(inside.values()))
    return {thing: names[outer] for thing, outer in inside.items()}


def _way(thing: Thing, inside: Mapping[Thing, Named]) -> list[Named]:
    way: list[Named] = []
    while (outer := inside.get(thing)) and len(way) < DEEPEST:
        way.append(outer)
        thing = (outer.kind, outer.id)
    return way
