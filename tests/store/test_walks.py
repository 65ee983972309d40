"""A trace says of any genealogy what walking it edge by edge says."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import pytest

from domain.models.container import Container, Shipment
from domain.models.genealogy import Confidence, Edge
from domain.queries import trace, walks
from domain.store.office import Office
from domain.work import Work

BOXES, SHIPMENTS, EDGES = 16, 3, 60


@dataclass(frozen=True, kw_only=True)
class Step:
    """An edge from one code to another, as the walk edge by edge reads it."""

    parent: str
    child: str
    quantity: int
    operation: str
    shared: bool
    living: bool


def some(random: Random) -> list[Step]:
    """Make edges that lead from earlier things to later ones, some of them over or never true."""
    codes = [f"B{at:02}" for at in range(BOXES)] + [f"S{at}" for at in range(SHIPMENTS)]
    pairs = [sorted(random.sample(range(len(codes)), 2)) for _ in range(EDGES)]
    return [
        Step(
            parent=codes[one],
            child=codes[other],
            quantity=random.randint(1, 9),
            operation=random.choice(["", "solder"]),
            shared=random.random() < 0.3,
            living=random.random() < 0.8,
        )
        for one, other in pairs
    ]


def put(work: Work, *, steps: Sequence[Step], random: Random) -> None:
    """Store things and edges."""
    codes = sorted({it.parent for it in steps} | {it.child for it in steps})
    ids = {code: work.new_id() for code in codes}
    for code in codes:
        model: Any = Container if code[0] == "B" else Shipment
        work.session.add(
            model(id=ids[code], site_id=work.site_id, code=code, void=False, **_more(model, work))
        )
    for step in steps:
        over = random.random() < 0.5
        work.session.add(
            Edge(
                id=work.new_id(),
                site_id=work.site_id,
                parent_kind=_kind(step.parent),
                parent_id=ids[step.parent],
                child_kind=_kind(step.child),
                child_id=ids[step.child],
                quantity=Decimal(step.quantity),
                unit="个",
                operation=step.operation,
                confidence=Confidence.SHARED if step.shared else Confidence.EXACT,
                made_at=work.now,
                ended_at=work.now if not step.living and over else None,
                void=not step.living and not over,
            )
        )
    work.record("test.put")


def _more(model: Any, work: Work) -> dict[str, Any]:
    return {"made_at": work.now} if model is Container else {}


def _kind(code: str) -> str:
    return "container" if code[0] == "B" else "shipment"


def walked(steps: Sequence[Step], start: str, *, forward: bool) -> tuple[Counter[Any], Counter[Any]]:
    """Walk edge by edge; returns how many of each kind are reached, and the steps to the nearest."""
    onward = defaultdict(list)
    for step in steps:
        here, there = (step.parent, step.child) if forward else (step.child, step.parent)
        if step.living:
            onward[here].append((there, step))
    states = todo = {(start, 0, False)}
    while todo:
        todo = {
            (there, depth + 1, shared or step.shared)
            for here, depth, shared in todo
            for there, step in onward[here]
        }
        states = states | todo
    depths: dict[str, int] = {}
    sure: dict[str, bool] = {}
    for code, depth, shared in states:
        depths[code] = min(depth, depths.get(code, depth))
        sure[code] = min(shared, sure.get(code, shared))
    reached = Counter((_kind(it), sure[it]) for it in depths if it != start)
    near = _near({it: depth for it, depth in depths.items() if it != start})
    links: Counter[Any] = Counter()
    for here in depths:
        for there, step in onward[here]:
            if there in near:
                links[depths[there], there, step.operation, sure[here] or step.shared] += step.quantity
    return reached, links


def _near(depths: dict[str, int]) -> set[str]:
    """Ids are made in the order of codes."""
    kinds = {kind: [it for it in depths if _kind(it) == kind] for kind in ("container", "shipment")}
    return {
        code
        for codes in kinds.values()
        for code in sorted(codes, key=lambda it: (depths[it], it))[: walks.MOST]
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_trace_says_what_walking_edge_by_edge_says(plant: Office, seed: int) -> None:
    random = Random(seed)  # noqa: S311 (a genealogy, no secret)
    steps = some(random)
    plant.write(partial(put, steps=steps, random=random)).result()
    for code in sorted({it.parent for it in steps} | {it.child for it in steps}):
        found = plant.read(partial(trace.trace, code=code)).result()
        for side, forward in ((found.went_into, True), (found.made_from, False)):
            reached, links = walked(steps, code, forward=forward)
            counts = {(it.kind, shared): getattr(it, "shared" if shared else "exact") for it in side.reached
                      for shared in (False, True)}  # fmt: skip
            assert {key: count for key, count in counts.items() if count} == reached
            told = [it for it in side.links if not it.ended]
            assert [it.depth for it in told] == sorted(it.depth for it in told)
            assert {
                (it.depth, it.code, it.operation, it.confidence is Confidence.SHARED): it.quantity
                for it in told
            } == links
            assert len(told) == len(links)
