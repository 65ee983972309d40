"""The genealogy walked by plain Python: what is held, what goes round in a circle, what sits where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tests.machine.snapshot import Snapshot, Thing


def parents(now: Snapshot) -> Mapping[Thing, set[Thing]]:
    """Return of every thing what went into it, along edges that have not ended."""
    up: dict[Thing, set[Thing]] = defaultdict(set)
    for edge in now.edges():
        up[edge.child_kind, edge.child_id].add((edge.parent_kind, edge.parent_id))
    return up


def held(now: Snapshot) -> set[Thing]:
    """Return everything that is held or made of something that is."""
    down: dict[Thing, set[Thing]] = defaultdict(set)
    for edge in now.edges():
        down[edge.parent_kind, edge.parent_id].add((edge.child_kind, edge.child_id))
    found = {(hold.kind, hold.ref) for hold in now.living("hold") if hold.until is None}
    return found | _below(found, down)


def _below(start: Iterable[Thing], down: Mapping[Thing, set[Thing]]) -> set[Thing]:
    seen: set[Thing] = set()
    todo = list(start)
    while todo:
        for thing in down.get(todo.pop(), ()):
            if thing not in seen:
                seen.add(thing)
                todo.append(thing)
    return seen


def circle(now: Snapshot) -> Thing | None:
    """Return something that went into itself, if anything did."""
    up = parents(now)
    for thing in up:
        if thing in _below([thing], up):
            return thing
    return None
