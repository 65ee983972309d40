"""Orders of several levels as people see them: the tree below an order, how far it is, and who is late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from domain.models.flow import finished
from domain.models.material import Material
from domain.models.work_order import FINISHED_ORDER, OrderKind, OrderStatus, WorkOrder
from domain.store import orders
from domain.work import Work

ZERO = Decimal(0)
DEEPEST = 12


@dataclass(frozen=True, kw_only=True)
class Member:
    """One order of a family: `depth` below the one that was asked for; `late` past its due time, not done."""

    code: str
    product: str
    product_name: str
    kind: OrderKind
    status: OrderStatus
    finished: Decimal
    quantity: Decimal
    unit: str
    due_at: datetime | None
    depth: int
    late: bool


@dataclass(frozen=True, kw_only=True)
class Family:
    """An order's parent (its code, or none) and everything below it, each order before its own children."""

    parent: str
    members: tuple[Member, ...]

    @property
    def late(self) -> tuple[str, ...]:
        """The codes of the orders below that are late: with them the one above is."""
        return tuple(member.code for member in self.members if member.late)

    @property
    def open_below(self) -> tuple[str, ...]:
        """The codes of the orders below that are not finished."""
        return tuple(member.code for member in self.members if member.status not in FINISHED_ORDER)

    def due_after(self, due_at: datetime) -> tuple[Member, ...]:
        """The orders below that are not finished and due later than this (aware UTC)."""
        return tuple(
            it
            for it in self.members
            if it.due_at is not None and it.due_at > due_at and it.status not in FINISHED_ORDER
        )

    @property
    def progress(self) -> Decimal | None:
        """The share of the pieces below that are made, cancelled orders left out; None without any."""
        counted = [it for it in self.members if it.status is not OrderStatus.CANCELLED]
        wanted = sum((it.quantity for it in counted), ZERO)
        return sum((min(it.finished, it.quantity) for it in counted), ZERO) / wanted if wanted else None


def family(work: Work, *, order_id: int) -> Family:
    """Return the family of an order."""
    found = work.session.get_one(WorkOrder, order_id)
    parent = work.session.get(WorkOrder, found.parent_id) if found.parent_id else None
    below = tuple(_below(work, found, depth=1))
    return Family(parent=parent.code if parent and not parent.void else "", members=below)


def _below(work: Work, order: WorkOrder, *, depth: int) -> Iterator[Member]:
    for child in _children(work, order):
        yield _member(work, child, depth=depth)
        if depth < DEEPEST:
            yield from _below(work, child, depth=depth + 1)


def _children(work: Work, order: WorkOrder) -> Sequence[WorkOrder]:
    """Return the orders made for this one, and the rework orders of what it made."""
    mine = (WorkOrder.parent_id == order.id) & WorkOrder.rework_of.is_(None) | (
        WorkOrder.rework_of == order.id
    )
    query = select(WorkOrder).where(mine, ~WorkOrder.void).order_by(WorkOrder.code)
    return work.session.scalars(query).all()


def _member(work: Work, order: WorkOrder, *, depth: int) -> Member:
    product = work.session.get_one(Material, order.product_id)
    open_still = order.status not in FINISHED_ORDER
    return Member(
        code=order.code,
        product=product.code,
        product_name=product.name,
        kind=order.kind,
        status=order.status,
        finished=finished(order, orders.tasks(work, order)),
        quantity=order.quantity,
        unit=order.unit,
        due_at=order.due_at,
        depth=depth,
        late=open_still and order.due_at is not None and order.due_at < work.now,
    )
