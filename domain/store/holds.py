"""Holds that stand on one thing itself."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.models.genealogy import Edge, Hold, How
from domain.models.lot import Lot
from domain.work import Work


def active(work: Work, *, kind: str, ref: int) -> Sequence[Hold]:
    """Return the holds on this very thing that nobody has lifted; its lock covers them."""
    query = select(Hold).where(Hold.kind == kind, Hold.ref == ref, Hold.until.is_(None), ~Hold.void)
    return work.session.scalars(query.execution_options(populate_existing=True)).all()


def parts_of(work: Work, lot_ids: set[int]) -> Sequence[Lot]:
    """Return the lots split off from these or poured together of them, locked."""
    work.session.flush()
    children = select(Edge.child_id).where(
        Edge.parent_kind == "lot",
        Edge.parent_id.in_(lot_ids),
        Edge.child_kind == "lot",
        Edge.how.in_([How.DIVIDED, How.MERGED]),
        ~Edge.void,
    )
    query = select(Lot).where(Lot.id.in_(children), ~Lot.void).order_by(Lot.id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).all()
