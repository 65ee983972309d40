"""Reviews of bad product as they read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.lot import Lot
from domain.models.nonconformance import (
    Disposition,
    NonConformance,
    NonConformanceItem,
    NonConformanceStatus,
)
from domain.models.unit import Unit
from domain.models.work_order import OperationTask, WorkOrder
from domain.queries.people import job_numbers, name_of
from domain.store import lots, orders
from domain.work import Work

PIECE = "个"


@dataclass(frozen=True, kw_only=True)
class ItemView:
    """One item of a review: a piece or a quantity, and what was decided."""

    line: int
    unit: str
    quantity: Decimal
    defect: str
    disposition: Disposition
    decider: str


@dataclass(frozen=True, kw_only=True)
class ReviewView:
    """One review with its items and the names people know."""

    id: int
    code: str
    number: int
    order: str
    operation: str
    lot: str
    text: str
    status: NonConformanceStatus
    raiser: str
    raiser_number: str
    raised_at: datetime
    items: tuple[ItemView, ...]
    void: bool

    @property
    def pending(self) -> tuple[ItemView, ...]:
        """The items about which nobody has decided."""
        return tuple(it for it in self.items if it.disposition is Disposition.PENDING)


def review(work: Work, review_id: int) -> ReviewView:
    """Return one review by id; raises sqlalchemy's NoResultFound, which is a bug of the caller."""
    return _view(work, work.session.get_one(NonConformance, review_id))


def numbered(work: Work, number: int) -> ReviewView:
    """Return the review NCR-<number>; raises NotFound."""
    query = select(NonConformance).where(
        NonConformance.site_id == work.site_id, NonConformance.number == number, ~NonConformance.void
    )
    found = work.session.scalars(query).first()
    if found is None:
        raise NotFound(kind="nonconformance", code_text=f"NCR-{number}")
    return _view(work, found)


def open_ones(work: Work, *, limit: int = 20) -> Sequence[ReviewView]:
    """Return the reviews that are not closed, oldest first."""
    query = select(NonConformance).where(
        NonConformance.site_id == work.site_id,
        NonConformance.status != NonConformanceStatus.CLOSED,
        ~NonConformance.void,
    )
    return [_view(work, it) for it in work.session.scalars(query.order_by(NonConformance.id).limit(limit))]


def standing(work: Work, *statuses: NonConformanceStatus, limit: int = 6) -> Sequence[str]:
    """Return the codes of reviews that stand so, oldest first."""
    query = select(NonConformance).where(
        NonConformance.site_id == work.site_id, NonConformance.status.in_(statuses), ~NonConformance.void
    )
    return [it.code for it in work.session.scalars(query.order_by(NonConformance.id).limit(limit))]


def counted_in(work: Work, *, code: str) -> str:
    """Return the unit in which an order or a lot is counted; pieces for anything else."""
    if order := orders.find(work, code=code):
        return order.unit
    lot = lots.find(work, code=code)
    return lot.unit if lot else PIECE


def _view(work: Work, found: NonConformance) -> ReviewView:
    items = (
        select(NonConformanceItem, Unit.code)
        .outerjoin(Unit, Unit.id == NonConformanceItem.unit_id)
        .where(NonConformanceItem.nonconformance_id == found.id, ~NonConformanceItem.void)
        .order_by(NonConformanceItem.line)
    )
    order = work.session.get(WorkOrder, found.order_id) if found.order_id else None
    task = work.session.get(OperationTask, found.task_id) if found.task_id else None
    lot = work.session.get(Lot, found.lot_id) if found.lot_id else None
    return ReviewView(
        id=found.id,
        code=found.code,
        number=found.number,
        order=order.code if order else "",
        operation=task.name if task else "",
        lot=lot.code if lot else "",
        text=found.text,
        status=found.status,
        raiser=name_of(work, found.raised_by),
        raiser_number="".join(job_numbers(work, person_ids=[found.raised_by] if found.raised_by else [])),
        raised_at=found.raised_at,
        items=tuple(_item(work, it, unit or "") for it, unit in work.session.execute(items)),
        void=found.void,
    )


def _item(work: Work, it: NonConformanceItem, unit: str) -> ItemView:
    return ItemView(
        line=it.line,
        unit=unit,
        quantity=it.quantity,
        defect=it.defect,
        disposition=it.disposition,
        decider=name_of(work, it.decided_by),
    )
