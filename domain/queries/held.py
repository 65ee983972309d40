"""Which of many pieces are held: one walk for all of them, and none where nothing is held at all."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import String, and_, bindparam, cast, literal, select

from domain.models.genealogy import Hold
from domain.models.unit import Unit
from domain.queries import walks
from domain.queries.holds import code_of
from domain.store.prepared import Prepared
from domain.work import Work


def among(work: Work, *, units: Sequence[int], order_id: int | None = None) -> Mapping[int, str]:
    """Return of the pieces that are held, or made of something held, the code of what is: id -> code.

    Usually nothing above any of them is: where they are of one order (`order_id`), that is asked first.
    """
    work.session.flush()
    if not units or (order_id is not None and not _UNDER.first(work, order=order_id, site=work.site_id)):
        return {}
    query = _held(Unit.id, Unit.id.in_(list(units)), site=work.site_id)
    rows = work.session.execute(query.order_by(Hold.since.desc(), Hold.id.desc()))
    found = {root: (kind, ref) for root, kind, ref in rows}
    return {root: code_of(work, kind=kind, ref=ref) for root, (kind, ref) in found.items()}


def _held(root: Any, which: Any, *, site: Any) -> Any:
    """Return the query for (piece or what `root` says, held kind, held id) over everything above pieces."""
    start = select(Unit.id.label("ref"), cast(literal("unit"), String(12)).label("kind"), root.label("root"))
    up = walks.walk(start.where(which), forward=False, carry=lambda way: (way.c.root,))
    query = select(up.c.root, Hold.kind, Hold.ref)
    joined = query.join(Hold, and_(Hold.kind == up.c.kind, Hold.ref == up.c.ref))
    return joined.where(Hold.site_id == site, Hold.until.is_(None), ~Hold.void)


_UNDER: Final = Prepared(
    _held(Unit.order_id, Unit.order_id == bindparam("order"), site=bindparam("site")).limit(1)
)
"""Whether anything above any piece of an order is held."""
