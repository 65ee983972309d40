"""How a product, or an order as it was frozen, is made: operations and bill of material."""

from dataclasses import dataclass
from decimal import Decimal

from domain.errors import NoRoute
from domain.models.material import Material
from domain.models.routing import BomVersion, Operation, RouteVersion
from domain.models.work_order import WorkOrder
from domain.store import orders, routes
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Step:
    """One operation; `beside` says whether it runs side by side with others."""

    sequence: int
    name: str
    department: str
    minutes: Decimal
    optional: bool
    beside: bool
    merged_into: str
    outsourced_to: str
    equipment: str
    certified: bool
    track_in: bool
    loading: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """So much of a material a piece."""

    material: str
    name: str
    quantity: Decimal
    unit: str
    operation: str
    positions: tuple[str, ...]
    alternates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Making:
    """How something is made: versions, allowance, steps and parts. `bom` 0: it takes no material."""

    product: str
    product_name: str
    route: int
    bom: int
    over_allowance: Decimal
    steps: tuple[Step, ...]
    parts: tuple[Part, ...]


def making(work: Work, *, product: str = "", order: str = "") -> Making:
    """Return how an order is made as it was frozen, or a product by its newest versions.

    Raises NotFound, NoRoute.
    """
    found = orders.find(work, code=order) if order else None
    made = work.session.get_one(Material, found.product_id) if found else orders.material(work, code=product)
    route, bom = _versions(work, made, found)
    steps = routes.operations(work, route_id=route.id)
    names = {step.code: step.name for step in steps}
    return Making(
        product=made.code,
        product_name=made.name,
        route=route.version,
        bom=bom.version if bom else 0,
        over_allowance=route.over_allowance,
        steps=tuple(_step(step, names) for step in steps),
        parts=_parts(work, bom, names),
    )


def _versions(work: Work, made: Material, order: WorkOrder | None) -> tuple[RouteVersion, BomVersion | None]:
    if order is not None and order.route_id is not None:
        bom = work.session.get_one(BomVersion, order.bom_id) if order.bom_id else None
        return work.session.get_one(RouteVersion, order.route_id), bom
    newest = orders.newest_route(work, product_id=made.id)
    if newest is None:
        raise NoRoute(product=made.code)
    return newest[0], orders.newest_bom(work, product_id=made.id)


def _step(step: Operation, names: dict[str, str]) -> Step:
    return Step(
        sequence=step.sequence,
        name=step.name,
        department=step.department,
        minutes=step.standard_minutes,
        optional=step.optional,
        beside=step.parallel is not None,
        merged_into=names.get(step.merged_into, step.merged_into),
        outsourced_to=step.outsourced_to,
        equipment=step.equipment_kind,
        certified=step.certified,
        track_in=step.track_in,
        loading=step.loading,
    )


def _parts(work: Work, bom: BomVersion | None, names: dict[str, str]) -> tuple[Part, ...]:
    if bom is None:
        return ()
    return tuple(
        Part(
            material=material.code,
            name=material.name,
            quantity=line.quantity,
            unit=material.unit,
            operation=names.get(line.operation, line.operation),
            positions=tuple(line.positions),
            alternates=tuple(work.session.get_one(Material, other).code for other in line.alternates),
        )
        for line, material in routes.bom_lines(work, bom_id=bom.id)
    )
