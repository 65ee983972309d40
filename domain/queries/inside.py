"""Whether one thing is part of another already: the genealogy has no circles."""

from typing import Any

from sqlalchemy import BigInteger, String, and_, cast, literal, select

from domain.models.genealogy import Edge
from domain.work import Work

Thing = tuple[str, int]


def contains(work: Work, whole: Thing, part: Thing) -> bool:
    """Say whether `part` went into `whole`, at any depth, along edges that have not ended."""
    start: Any = select(
        cast(literal(part[0]), String(12)).label("kind"), cast(literal(part[1]), BigInteger).label("ref")
    ).cte("up", recursive=True)
    up = start.union(
        select(Edge.child_kind, Edge.child_id)
        .join(start, and_(Edge.parent_kind == start.c.kind, Edge.parent_id == start.c.ref))
        .where(Edge.ended_at.is_(None), ~Edge.void)
    )
    work.session.flush()
    query = select(up.c.ref).where(up.c.kind == whole[0], up.c.ref == whole[1])
    return work.session.execute(query).first() is not None
