"""Where pieces, containers and shipments stand, for whoever scans one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from domain.errors import NotFound
from domain.models.container import Container, ContainerStatus
from domain.models.genealogy import How
from domain.models.material import Material
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import OperationTask, WorkOrder
from domain.queries import contents, loose
from domain.queries.holds import code_of
from domain.store import containers, orders, routes, units
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class UnitView:
    """One piece: of which order, where it stands, what it sits in.

    `operation` is what it waits for, or since `entered_at` is in; `tracks_in`: it enters before it passes.
    """

    id: int
    code: str
    order: str
    product: str
    product_name: str
    status: UnitStatus
    operation: str
    department: str
    entered_at: datetime | None
    tracks_in: bool
    rounds: int
    inside: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContainerView:
    """One container: what it is, how many pieces it holds, and of what."""

    id: int
    code: str
    kind: str
    status: ContainerStatus
    product: str
    holds: Decimal
    inside: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """So many pieces of an order wait for an operation."""

    order: str
    operation: str
    count: int


def unit(work: Work, *, code: str) -> UnitView:
    """Return a piece; raises NotFound."""
    found = units.find(work, code=code)
    if found is None:
        raise NotFound(kind="unit", code_text=code)
    order = work.session.get_one(WorkOrder, found.order_id)
    product = work.session.get_one(Material, found.product_id)
    at = orders.task_at(work, order_id=order.id, sequence=found.sequence)
    rule = routes.operation_of(work, at) if at else None
    return UnitView(
        id=found.id,
        code=found.code,
        order=order.code,
        product=product.code,
        product_name=product.name,
        status=found.status,
        operation=at.name if at and (found.waits or found.is_in) else "",
        department=at.department if at else "",
        entered_at=found.entered_at,
        tracks_in=bool(rule and rule.track_in),
        rounds=found.rounds,
        inside=_inside(work, ("unit", found.id)),
        reason=found.reason,
    )


def _inside(work: Work, thing: tuple[str, int]) -> str:
    sits = containers.open_edges(work, of=[thing], how=(How.PACKED, How.ASSEMBLED, How.SHIPPED))
    return code_of(work, kind=sits[0].child_kind, ref=sits[0].child_id) if sits else ""


def container(work: Work, *, code: str) -> ContainerView:
    """Return a container; raises NotFound."""
    found = containers.find(work, code=code)
    if found is None:
        raise NotFound(kind="container", code_text=code)
    product = work.session.get(Material, found.product_id) if found.product_id else None
    return ContainerView(
        id=found.id,
        code=found.code,
        kind=found.kind.value,
        status=found.status,
        product=f"{product.code} {product.name}" if product else "",
        holds=contents.count(work, container_id=found.id),
        inside=_inside(work, ("container", found.id)),
    )


def pieces_among(work: Work, codes: Collection[str]) -> bool:
    """Say whether any of these codes is that of a piece, or of a container."""
    return bool(units.known(work, codes)) or bool(containers.by_codes(work, codes))


def only_pieces(work: Work, codes: Collection[str]) -> bool:
    """Say whether every one of these codes is that of a piece."""
    return len(units.known(work, codes)) == len(set(codes))


def to_pack(work: Work, *, order_id: int) -> Decimal:
    """Return how many finished pieces of an order are in no box: those with numbers, and the others."""
    its = loose.of(work, work.session.get_one(WorkOrder, order_id))
    return its.numbered_there + its.there


def container_among(work: Work, codes: Collection[str], *, kind: str) -> str:
    """Return which of these codes a container of this kind has; else the first that nothing has yet."""
    boxes = containers.by_codes(work, codes)
    kinds = {code: work.session.get_one(Container, ref).kind.value for code, ref in boxes.items()}
    pieces = units.known(work, codes)
    strange = [it for it in codes if it not in boxes and it not in pieces and not orders.find(work, code=it)]
    return next((it for it in codes if kinds.get(it) == kind), "") or next(iter(strange), "")


def waiting(work: Work, codes: Collection[str]) -> list[Waiting]:
    """Return for which operations the pieces of these codes wait, the most in front."""
    query = (
        select(WorkOrder.code, OperationTask.name, func.count())
        .join(Unit, Unit.order_id == WorkOrder.id)
        .join(
            OperationTask,
            (OperationTask.order_id == WorkOrder.id) & (OperationTask.sequence == Unit.sequence),
        )
        .where(Unit.site_id == work.site_id, Unit.code.in_(list(codes)), ~Unit.void, ~OperationTask.void)
        .where(Unit.status.in_((UnitStatus.QUEUED, UnitStatus.REWORK)))
        .group_by(WorkOrder.code, OperationTask.name)
        .order_by(func.count().desc(), WorkOrder.code)
    )
    return [
        Waiting(order=order, operation=operation, count=count)
        for order, operation, count in work.session.execute(query)
    ]
