"""Work orders and their tasks, locked for whoever will change them."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import bindparam, func, select

from domain.errors import NotFound
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.nonconformance import Disposition, NonConformance, NonConformanceItem
from domain.models.routing import BomVersion, Operation, RouteVersion
from domain.models.work_order import OperationTask, WorkOrder
from domain.store.mapped import Objects
from domain.work import Work

_LOCKED: Final = Objects(
    WorkOrder,
    WorkOrder.site_id == bindparam("site"),
    WorkOrder.code == bindparam("code"),
    ~WorkOrder.void,
    locked=True,
)
_TASKS: Final = Objects(
    OperationTask,
    OperationTask.order_id == bindparam("order"),
    ~OperationTask.void,
    order_by=OperationTask.sequence,
)


def find(work: Work, *, code: str) -> WorkOrder | None:
    """Return an order, or None."""
    return work.session.scalars(
        select(WorkOrder).where(WorkOrder.site_id == work.site_id, WorkOrder.code == code, ~WorkOrder.void)
    ).first()


def lock(work: Work, *, code: str) -> WorkOrder:
    """Return an order locked for change; raises NotFound."""
    order = _LOCKED.first(work, site=work.site_id, code=code)
    if order is None:
        raise NotFound(kind="order", code_text=code)
    return order


def tasks(work: Work, order: WorkOrder) -> Sequence[OperationTask]:
    """Return the order's operations in sequence; the order's lock covers them."""
    return _TASKS.all(work, order=order.id)


def task_at(work: Work, *, order_id: int, sequence: int) -> OperationTask | None:
    """Return the operation of an order at this place, or None."""
    query = select(OperationTask).where(OperationTask.order_id == order_id, ~OperationTask.void)
    return work.session.scalars(query.where(OperationTask.sequence == sequence)).first()


def newest_route(work: Work, *, product_id: int) -> tuple[RouteVersion, Sequence[Operation]] | None:
    """Return a product's newest route with its operations in sequence."""
    query = select(RouteVersion).where(
        RouteVersion.product_id == product_id, RouteVersion.order_id.is_(None), ~RouteVersion.void
    )
    route = work.session.scalars(query.order_by(RouteVersion.version.desc()).limit(1)).first()
    if route is None:
        return None
    steps = select(Operation).where(Operation.route_id == route.id).order_by(Operation.sequence)
    return route, work.session.scalars(steps).all()


def newest_bom(work: Work, *, product_id: int) -> BomVersion | None:
    """Return a product's newest bill of material."""
    query = select(BomVersion).where(
        BomVersion.product_id == product_id, BomVersion.order_id.is_(None), ~BomVersion.void
    )
    return work.session.scalars(query.order_by(BomVersion.version.desc()).limit(1)).first()


def made_by(work: Work, *, routes: Collection[int], boms: Collection[int], besides: Collection[int]) -> bool:
    """Say whether an order is made by one of these versions of a route or a bill of material (ids)."""
    if not routes and not boms:
        return False
    query = select(WorkOrder.id).where(WorkOrder.id.not_in(besides), ~WorkOrder.void)
    query = query.where(WorkOrder.route_id.in_(routes) | WorkOrder.bom_id.in_(boms))
    return work.session.scalars(query.limit(1)).first() is not None


def find_material(work: Work, *, code: str) -> Material | None:
    """Return a material or product, or None."""
    query = select(Material).where(Material.site_id == work.site_id, Material.code == code)
    return work.session.scalars(query).first()


def materials(work: Work) -> Sequence[Material]:
    """Return every material and product of the site."""
    query = select(Material).where(Material.site_id == work.site_id)
    return work.session.scalars(query.order_by(Material.code)).all()


def material(work: Work, *, code: str) -> Material:
    """Return a material or product; raises NotFound."""
    found = find_material(work, code=code)
    if found is None:
        raise NotFound(kind="material", code_text=code)
    return found


def product_code(work: Work, order: WorkOrder) -> str:
    """Return the code of what the order makes."""
    return work.session.get_one(Material, order.product_id).code


def next_code(work: Work, *, prefix: str) -> str:
    """Return the next free order number after the highest there is; the unique key settles a race."""
    query = select(WorkOrder.code).where(WorkOrder.site_id == work.site_id, WorkOrder.code.startswith(prefix))
    numbers = [code.removeprefix(prefix) for code in work.session.scalars(query)]
    return f"{prefix}{max((int(number) for number in numbers if number.isdecimal()), default=1000) + 1}"


def lot_made(work: Work, order: WorkOrder) -> Lot | None:
    """Return the lot that an order has made, locked; None before it has."""
    query = select(Lot).where(Lot.made_by == order.id, Lot.parent_id.is_(None), ~Lot.void)
    return work.session.scalars(query.order_by(Lot.id).limit(1).with_for_update()).first()


def undecided_review(work: Work, *, order_id: int) -> tuple[str, int] | None:
    """Return the first review of the order with undecided items, and how many they are; None if none is."""
    query = (
        select(NonConformance.number, func.count())
        .join(NonConformanceItem, NonConformanceItem.nonconformance_id == NonConformance.id)
        .where(NonConformance.order_id == order_id, ~NonConformance.void, ~NonConformanceItem.void)
        .where(NonConformanceItem.disposition == Disposition.PENDING)
        .group_by(NonConformance.number)
        .order_by(NonConformance.number)
    )
    found = work.session.execute(query.limit(1)).first()
    return (f"NCR-{found[0]}", found[1]) if found else None
