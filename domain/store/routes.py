"""What the frozen routes and bills of material of orders say."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from domain.models.floor import Loading
from domain.models.material import Material
from domain.models.routing import BomLine, BomVersion, Operation, RouteVersion
from domain.models.work_order import OperationTask, OrderStatus, WorkOrder
from domain.store.prepared import Prepared
from domain.work import Work

MADE: Final = (OrderStatus.COMPLETED, OrderStatus.CLOSED, OrderStatus.CANCELLED)
"""Where an order stands of which its parent has nothing to wait for."""

_DEMANDS: Final = Prepared(
    select(Operation.outsourced_to, Operation.equipment_kind, Operation.certified, Operation.loading).where(
        Operation.id == bindparam("operation")
    )
)
_UNMADE: Final = Prepared(
    select(WorkOrder.code, Material.code.label("product"), WorkOrder.status)
    .join(BomLine, BomLine.material_id == WorkOrder.product_id)
    .join(Material, Material.id == WorkOrder.product_id)
    .where(
        WorkOrder.parent_id == bindparam("parent"), ~WorkOrder.void, *(WorkOrder.status != it for it in MADE)
    )
    .where(BomLine.bom_id == bindparam("bom"), BomLine.operation == bindparam("operation"))
    .order_by(WorkOrder.code)
)


def operation_of(work: Work, task: OperationTask) -> Operation | None:
    """Return the operation of the frozen route that a task does."""
    return work.session.get(Operation, task.operation_id) if task.operation_id else None


class Demands(NamedTuple):
    """What the frozen route asks of who does an operation.

    `outsourced_to` is the supplier who does it, empty where it is done in the house; `machine` the class of
    machine, if one is needed; `certified`: only who has a certificate; `loading`: its material is loaded.
    """

    outsourced_to: str = ""
    machine: str = ""
    certified: bool = False
    loading: bool = False


def demands(work: Work, task: OperationTask) -> Demands:
    """Return what the route asks of this operation; nothing of one that stands in no route."""
    found = _DEMANDS.first(work, operation=task.operation_id) if task.operation_id else None
    return Demands(*found) if found else Demands()


def merged_into(work: Work, task: OperationTask) -> str:
    """Return the name of the operation whose report covers this one."""
    operation = operation_of(work, task)
    if operation is None:
        return ""
    others = operations(work, route_id=operation.route_id)
    return next((it.name for it in others if it.code == operation.merged_into), operation.merged_into)


def operations(work: Work, *, route_id: int) -> Sequence[Operation]:
    """Return the operations of a route in sequence."""
    query = select(Operation).where(Operation.route_id == route_id)
    return work.session.scalars(query.order_by(Operation.sequence)).all()


def bom_lines(work: Work, *, bom_id: int) -> Sequence[tuple[BomLine, Material]]:
    """Return the lines of a bill of material with what they ask for, in the order they were written."""
    query = (
        select(BomLine, Material)
        .join(Material, Material.id == BomLine.material_id)
        .where(BomLine.bom_id == bom_id)
        .order_by(BomLine.id)
    )
    return [(line, material) for line, material in work.session.execute(query).all()]


def unmade_child(work: Work, order: WorkOrder, *, operation: str) -> tuple[str, str, OrderStatus] | None:
    """Return (order, product, status) of an unfinished child that makes what this operation takes, if any."""
    found = _UNMADE.first(work, parent=order.id, bom=order.bom_id, operation=operation)
    return (found[0], found[1], OrderStatus(found[2])) if found else None


def next_version(work: Work, kind: type[RouteVersion] | type[BomVersion], *, product_id: int) -> int:
    """Return the number of a product's next version, after the highest there ever was."""
    work.session.flush()
    highest = work.session.scalar(select(func.max(kind.version)).where(kind.product_id == product_id))
    return (highest or 0) + 1


def living_loadings(work: Work, order: WorkOrder) -> Sequence[Loading]:
    """Return what is loaded for an order now."""
    query = select(Loading).where(Loading.order_id == order.id, Loading.until.is_(None), ~Loading.void)
    return work.session.scalars(query.with_for_update()).all()
