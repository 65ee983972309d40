"""Orders of several levels: what an order takes that is made here, and which orders make it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import exists, func, select

from domain.models.material import Material
from domain.models.routing import BomLine, RouteVersion
from domain.models.work_order import OrderStatus, WorkOrder
from domain.store import orders
from domain.work import Work

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class SelfMade:
    """A part of an order that is made here: how many it takes, and how many its child orders are to make."""

    product: str
    name: str
    needed: Decimal
    ordered: Decimal

    @property
    def missing(self) -> Decimal:
        """What no child order makes yet."""
        return max(self.needed - self.ordered, ZERO)


def self_made(work: Work, order: WorkOrder) -> list[SelfMade]:
    """Return the parts of an order that are made here, by its frozen bill of material, or the newest."""
    bom_id = order.bom_id
    if bom_id is None and order.status is OrderStatus.DRAFT:
        newest = orders.newest_bom(work, product_id=order.product_id)
        bom_id = newest.id if newest else None
    made = exists().where(
        RouteVersion.product_id == Material.id, RouteVersion.order_id.is_(None), ~RouteVersion.void
    )
    query = (
        select(Material.id, Material.code, Material.name, func.sum(BomLine.quantity))
        .join(BomLine, BomLine.material_id == Material.id)
        .where(BomLine.bom_id == bom_id, made)
        .group_by(Material.id, Material.code, Material.name)
        .order_by(Material.code)
    )
    work.session.flush()
    return [
        SelfMade(
            product=code,
            name=name,
            needed=each * order.quantity,
            ordered=_ordered(work, order, product_id=product_id),
        )
        for product_id, code, name, each in work.session.execute(query).all()
    ]


def _ordered(work: Work, order: WorkOrder, *, product_id: int) -> Decimal:
    query = select(func.sum(WorkOrder.quantity)).where(
        WorkOrder.parent_id == order.id,
        WorkOrder.product_id == product_id,
        WorkOrder.rework_of.is_(None),
        WorkOrder.status != OrderStatus.CANCELLED,
        ~WorkOrder.void,
    )
    return work.session.scalar(query) or ZERO


def reworks(work: Work, order: WorkOrder) -> Sequence[WorkOrder]:
    """Return the rework orders of an order, cancelled ones too, the oldest first."""
    query = select(WorkOrder).where(WorkOrder.rework_of == order.id, ~WorkOrder.void)
    work.session.flush()
    return work.session.scalars(query.order_by(WorkOrder.id)).all()
