"""New versions of a product's route and bill of material: copies with something changed, never changes."""

from collections.abc import Iterable, Sequence

from sqlalchemy import inspect

from domain.models.columns import Base
from domain.models.routing import BomLine, BomVersion, Operation, RouteVersion
from domain.models.work_order import WorkOrder
from domain.store import routes
from domain.work import Work

STEP = 10


def next_route(
    work: Work,
    *,
    product_id: int,
    of: RouteVersion | None,
    steps: Iterable[Operation],
    order: WorkOrder | None = None,
) -> RouteVersion:
    """Add the product's next route version with these operations, or one for an order alone.

    `of`: the one whose allowance it keeps.
    """
    version = routes.next_version(work, RouteVersion, product_id=product_id)
    route = RouteVersion(id=work.new_id(), product_id=product_id, version=version, void=False)
    route.order_id = order.id if order else None
    if of is not None:
        route.over_allowance = of.over_allowance
    work.session.add(route)
    for step in steps:
        step.route_id = route.id
        work.session.add(step)
    return route


def next_bom(
    work: Work, *, product_id: int, lines: Iterable[BomLine], order: WorkOrder | None = None
) -> BomVersion:
    """Add the product's next bill of material with these lines, or one for an order alone."""
    version = routes.next_version(work, BomVersion, product_id=product_id)
    bom = BomVersion(id=work.new_id(), product_id=product_id, version=version, void=False)
    bom.order_id = order.id if order else None
    work.session.add(bom)
    for line in lines:
        line.bom_id = bom.id
        work.session.add(line)
    return bom


def copied_steps(work: Work, steps: Sequence[Operation]) -> list[Operation]:
    """Return copies of operations, for another version."""
    return [Operation(**_columns(it), id=work.new_id()) for it in steps]


def copied_lines(work: Work, lines: Sequence[BomLine]) -> list[BomLine]:
    """Return copies of lines, for another version."""
    return [BomLine(**_columns(it), id=work.new_id()) for it in lines]


def _columns(thing: Base) -> dict[str, object]:
    names = [column.key for column in inspect(type(thing)).columns if column.key != "id"]
    return {name: getattr(thing, name) for name in names}


def put_after(steps: list[Operation], new: Operation, *, after: str) -> bool:
    """Put an operation behind another (a code) and its parallel group; says whether all were renumbered."""
    place = next(at for at, step in enumerate(steps) if step.code == after)
    group = steps[place].parallel
    while group and place + 1 < len(steps) and steps[place + 1].parallel == group:
        place += 1
    before, rest = steps[place].sequence, steps[place + 1 :]
    crowded = bool(rest) and rest[0].sequence - before < 2  # noqa: PLR2004 (no number between)
    if crowded:
        for step in steps:
            step.sequence *= STEP
        before = steps[place].sequence
    new.sequence = (before + rest[0].sequence) // 2 if rest else before + STEP
    steps.insert(place + 1, new)
    return crowded
