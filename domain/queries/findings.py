"""What the trace lacks, as it reads: all that one number asks about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from domain.errors import NotFound
from domain.models.finding import Finding, FindingKind, FindingStatus
from domain.models.unit import Unit
from domain.models.work_order import WorkOrder
from domain.queries.people import name_of
from domain.store import findings, orders
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """What one number asks about: which operations (or data) of which pieces, who knows, how it ended."""

    code: str
    kind: FindingKind
    order: str
    what: str
    units: tuple[str, ...]
    seen: str
    seen_by: str
    asked: str
    asked_name: str
    status: FindingStatus
    answerer: str
    reason: str


def numbered(work: Work, number: int) -> FindingView:
    """Return what is known of QS-<number>, open if any of it is; raises NotFound."""
    query = select(Finding).where(Finding.site_id == work.site_id, Finding.number == number, ~Finding.void)
    found = work.session.scalars(query.order_by(Finding.sequence, Finding.id)).all()
    if not found:
        raise NotFound(kind="finding", code_text=f"QS-{number}")
    open_ones = [it for it in found if it.status is FindingStatus.OPEN]
    return _view(work, open_ones or found)


def _view(work: Work, found: Sequence[Finding]) -> FindingView:
    first = found[0]
    order = work.session.get_one(WorkOrder, first.order_id)
    seen = first.seen_sequence and orders.task_at(work, order_id=order.id, sequence=first.seen_sequence)
    pieces = select(Unit.code).where(Unit.id.in_({it.unit_id for it in found if it.unit_id}))
    return FindingView(
        code=first.code,
        kind=first.kind,
        order=order.code,
        what="、".join(dict.fromkeys(it.what for it in found)),
        units=tuple(sorted(work.session.scalars(pieces))),
        seen=seen.name if seen else "",
        seen_by=name_of(work, first.seen_by) or "",
        asked=first.asked,
        asked_name=findings.called(work, job_number=first.asked) if first.asked else "",
        status=first.status,
        answerer=name_of(work, first.answered_by) or "",
        reason=first.reason,
    )
