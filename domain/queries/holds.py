"""What is held, and with it everything made of it: a derived rule, no mark on each descendant (ADR 0007)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, func, select

from domain.errors import Held
from domain.models.container import Container, Shipment
from domain.models.genealogy import Confidence, Hold
from domain.models.lot import Lot
from domain.models.unit import Unit
from domain.models.work_order import WorkOrder
from domain.queries import walks
from domain.queries.people import name_of
from domain.store.prepared import Prepared
from domain.work import HOUSE, Work

CODED: Final[dict[str, Any]] = {
    "lot": Lot,
    "order": WorkOrder,
    "unit": Unit,
    "container": Container,
    "shipment": Shipment,
}
"""Kinds of genealogy and the models that have their codes."""


@dataclass(frozen=True, kw_only=True)
class HoldView:
    """One hold that reaches a thing: what is held, why, by whom, and how sure the way from it is."""

    id: int
    kind: str
    ref: int
    code: str
    reason: str
    held_by: str
    since: datetime
    confidence: Confidence


def holds_over(work: Work, *, kind: str, ref: int) -> Sequence[HoldView]:
    """Return the active holds on a thing (kinds of edges) or on anything that went into it, oldest first.

    A container is held if any of its content is. `exact` where every edge on some way up is.
    """
    work.session.flush()
    found = _OVER.plain(work, kind=kind, ref=ref, site=work.site_id)
    return [_view(work, work.session.get_one(Hold, hold), sure=bool(sure)) for hold, sure in found]


def refuse_held(work: Work, *, kind: str, ref: int, code: str) -> None:
    """Refuse what is held itself or made of something that is; `code` names it. Raises Held."""
    found = holds_over(work, kind=kind, ref=ref)
    if found:
        first = found[0]
        raise Held(thing=code, source=first.code, who=first.held_by, reason=first.reason)


def _over() -> Prepared:
    """Make the query for (hold, 1 where the way is sure) over everything that (kind, ref) was made of.

    Most of the time nothing is held at all: then nothing is walked.
    """
    active = and_(Hold.site_id == bindparam("site"), Hold.until.is_(None), ~Hold.void)
    start = walks.begin(sure=1).where(exists().where(active))
    up = walks.walk(start, forward=False, carry=walks.as_sure)
    query = select(Hold.id, func.max(up.c.sure).label("sure"))
    joined = query.join(up, and_(Hold.kind == up.c.kind, Hold.ref == up.c.ref))
    return Prepared(joined.where(active).group_by(Hold.id, Hold.since).order_by(Hold.since, Hold.id))


_OVER: Final = _over()


def _view(work: Work, hold: Hold, *, sure: bool) -> HoldView:
    return HoldView(
        id=hold.id,
        kind=hold.kind,
        ref=hold.ref,
        code=code_of(work, kind=hold.kind, ref=hold.ref),
        reason=hold.reason,
        held_by=name_of(work, hold.held_by) or HOUSE.name,
        since=hold.since,
        confidence=Confidence.EXACT if sure else Confidence.SHARED,
    )


def code_of(work: Work, *, kind: str, ref: int) -> str:
    """Return what people call a thing of the genealogy."""
    return str(work.session.get_one(CODED[kind], ref).code)


def held_codes(work: Work, *, limit: int = 6) -> Sequence[str]:
    """Return codes of what is held itself, the newest first."""
    query = select(Hold.kind, Hold.ref).where(Hold.site_id == work.site_id, Hold.until.is_(None), ~Hold.void)
    rows = work.session.execute(query.order_by(Hold.since.desc()).limit(limit)).all()
    return [code_of(work, kind=kind, ref=ref) for kind, ref in rows]
