"""The links of a trace: the nearest ends, how much went there altogether, how sure that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any

from domain.models.genealogy import Confidence
from domain.queries.named import Named, Thing


@dataclass(frozen=True, kw_only=True)
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


def near(steps: Iterable[Any], called: Mapping[Thing, Named]) -> list[Link]:
    """Return the links to the nearest things, the first level in front, the oldest of each level first."""
    return [_link(step, called, ended=False) for step in sorted(steps, key=attrgetter("depth", "edge"))]


def ended(steps: Iterable[Any], called: Mapping[Thing, Named]) -> list[Link]:
    """Return what is in there no more: exchanged parts, things unpacked; what came and went twice as one."""
    ways: dict[tuple[object, ...], Link] = {}
    for step in steps:
        link = _link(step, called, ended=True)
        way = (step.kind, step.ref, link.unit, link.operation, link.position, link.confidence)
        known = ways.get(way)
        ways[way] = replace(known, quantity=known.quantity + link.quantity) if known else link
    return list(ways.values())


def _link(step: Any, called: Mapping[Thing, Named], *, ended: bool) -> Link:
    end = called[step.kind, step.ref]
    return Link(
        depth=step.depth,
        kind=end.kind,
        code=end.code,
        what=end.what,
        quantity=step.quantity,
        unit=step.unit,
        operation=step.operation,
        position=step.position,
        confidence=Confidence.SHARED if step.shared else Confidence.EXACT,
        ended=ended,
        status=end.status,
    )
