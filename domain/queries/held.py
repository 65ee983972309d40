"""Which of many pieces are held: one walk for all of them, and none where nothing is held at all."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, and_, cast, literal, select

from domain.models.genealogy import Edge, Hold
from domain.models.unit import Unit
from domain.queries.holds import code_of
from domain.work import Work


def among(work: Work, *, units: Sequence[int]) -> Mapping[int, str]:
    """Return of the pieces that are held, or made of something held, the code of what is: id -> code.

    Usually nothing above any of them is: that is asked first, without telling them apart.
    """
    work.session.flush()
    active = select(Hold.id).where(Hold.site_id == work.site_id, Hold.until.is_(None), ~Hold.void).limit(1)
    if not units or work.session.scalars(active).first() is None:
        return {}
    if not work.session.execute(_held(work, units, apart=False).limit(1)).first():
        return {}
    query = _held(work, units, apart=True).order_by(Hold.since.desc(), Hold.id.desc())
    found = {root: (kind, ref) for root, kind, ref in work.session.execute(query)}
    return {root: code_of(work, kind=kind, ref=ref) for root, (kind, ref) in found.items()}


def _held(work: Work, units: Sequence[int], *, apart: bool) -> Any:
    """Return the query for (piece, held kind, held id); not `apart`: the piece is nought."""
    root = Unit.id if apart else literal(0)
    start: Any = select(
        root.label("root"), cast(literal("unit"), String(12)).label("kind"), Unit.id.label("ref")
    )
    up = start.where(Unit.id.in_(list(units))).cte("up", recursive=True)
    up = up.union(
        select(up.c.root, Edge.parent_kind, Edge.parent_id)
        .join(up, and_(Edge.child_kind == up.c.kind, Edge.child_id == up.c.ref))
        .where(Edge.ended_at.is_(None), ~Edge.void)
    )
    query = select(up.c.root, Hold.kind, Hold.ref)
    joined = query.join(Hold, and_(Hold.kind == up.c.kind, Hold.ref == up.c.ref))
    return joined.where(Hold.site_id == work.site_id, Hold.until.is_(None), ~Hold.void)
