"""Reviews of bad product and their items, locked for whoever judges."""

from collections.abc import Sequence

from sqlalchemy import func, select

from domain.errors import NotFound, SeveralOrders
from domain.models.nonconformance import NonConformance, NonConformanceItem
from domain.models.people import Site
from domain.models.unit import Unit
from domain.models.work_order import WorkOrder
from domain.work import Work


def lock(work: Work, *, number: int) -> NonConformance:
    """Return the review NCR-<number> locked, after its order; raises NotFound."""
    query = select(NonConformance).where(
        NonConformance.site_id == work.site_id, NonConformance.number == number, ~NonConformance.void
    )
    found = work.session.scalars(query).first()
    if found is None:
        raise NotFound(kind="nonconformance", code_text=f"NCR-{number}")
    if found.order_id is not None:
        work.session.get_one(WorkOrder, found.order_id, with_for_update=True, populate_existing=True)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return work.session.scalars(fresh).one()


def items(work: Work, review: NonConformance) -> Sequence[NonConformanceItem]:
    """Return the items of a review in their order; the review's lock covers them."""
    query = select(NonConformanceItem).where(
        NonConformanceItem.nonconformance_id == review.id, ~NonConformanceItem.void
    )
    fresh = query.order_by(NonConformanceItem.line).execution_options(populate_existing=True)
    return work.session.scalars(fresh).all()


def next_line(work: Work, review: NonConformance) -> int:
    """Return the next line of a review, lines that are void counted: their numbers are spent."""
    query = select(func.max(NonConformanceItem.line)).where(NonConformanceItem.nonconformance_id == review.id)
    return (work.session.scalars(query).one() or 0) + 1


def next_number(work: Work) -> int:
    """Return the next number of the site; the site's row serialises who asks."""
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())
    query = select(func.max(NonConformance.number)).where(NonConformance.site_id == work.site_id)
    return (work.session.scalars(query).one() or 0) + 1


def units(work: Work, *, codes: Sequence[str]) -> tuple[int, Sequence[Unit]]:
    """Return the id of the one order of these units, and the units in the order of their ids, locked all.

    Raises NotFound for one that is not there, SeveralOrders.
    """
    query = select(Unit).where(Unit.site_id == work.site_id, Unit.code.in_(codes), ~Unit.void)
    there = {it.code: it.order_id for it in work.session.scalars(query)}
    if missing := sorted(set(codes) - there.keys()):
        raise NotFound(kind="unit", code_text=missing[0])
    of = set(there.values())
    if len(of) > 1:
        raise SeveralOrders(count=len(of))
    order_id = of.pop()
    work.session.get_one(WorkOrder, order_id, with_for_update=True, populate_existing=True)
    locked = query.order_by(Unit.id).with_for_update().execution_options(populate_existing=True)
    return order_id, work.session.scalars(locked).all()
