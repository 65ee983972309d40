"""Which of many things are held: one walk for all of them, and none where nothing is held at all."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, String, and_, cast, select, values
from sqlalchemy import column as named

from domain.models.genealogy import Edge, Hold
from domain.queries.holds import code_of
from domain.work import Work


def among(work: Work, *, kind: str, refs: Sequence[int]) -> Mapping[int, str]:
    """Return of those that are held, or made of something held, the code of what is: id -> code."""
    work.session.flush()
    active = select(Hold.id).where(Hold.site_id == work.site_id, Hold.until.is_(None), ~Hold.void).limit(1)
    if not refs or work.session.scalars(active).first() is None:
        return {}
    start: Any = values(named("ref", BigInteger), name="asked").data([(ref,) for ref in refs])
    up = select(
        start.c.ref.label("root"), cast(kind, String(12)).label("kind"), start.c.ref.label("ref")
    ).cte("up", recursive=True)
    up = up.union(
        select(up.c.root, Edge.parent_kind, Edge.parent_id)
        .join(up, and_(Edge.child_kind == up.c.kind, Edge.child_id == up.c.ref))
        .where(Edge.ended_at.is_(None), ~Edge.void)
    )
    query = (
        select(up.c.root, Hold.kind, Hold.ref)
        .join(Hold, and_(Hold.kind == up.c.kind, Hold.ref == up.c.ref))
        .where(Hold.site_id == work.site_id, Hold.until.is_(None), ~Hold.void)
        .order_by(Hold.since.desc(), Hold.id.desc())
    )
    found = {root: (what, ref) for root, what, ref in work.session.execute(query)}
    return {root: code_of(work, kind=what, ref=ref) for root, (what, ref) in found.items()}
