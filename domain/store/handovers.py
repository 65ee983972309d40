"""Hand-overs of shifts: numbered, the one that is open, locked for whoever adds to it or takes it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select

from domain.errors import NotFound
from domain.models.andon import Andon, AndonStatus
from domain.models.floor import Handover, HandoverStatus
from domain.models.people import Site
from domain.work import Work

HELD = (AndonStatus.ACKNOWLEDGED, AndonStatus.CONTAINED)


def _open(work: Work) -> Select[Handover]:
    return select(Handover).where(
        Handover.site_id == work.site_id, Handover.status == HandoverStatus.DRAFTED, ~Handover.void
    )


def next_number(work: Work) -> int:
    """Return the next number of the site; the site's row serialises who asks."""
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())
    query = select(func.max(Handover.number)).where(Handover.site_id == work.site_id)
    return (work.session.scalars(query).one() or 0) + 1


def lock(work: Work, *, number: int) -> Handover:
    """Return the hand-over JB-<number>, locked; raises NotFound."""
    query = select(Handover).where(
        Handover.site_id == work.site_id, Handover.number == number, ~Handover.void
    )
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(kind="handover", code_text=f"JB-{number}")
    return found


def open_of(work: Work, *, department: str, since: datetime | None = None) -> Handover | None:
    """Return the department's newest hand-over that nobody has taken (drafted since), locked."""
    query = _open(work).where(Handover.department == department)
    if since is not None:
        query = query.where(Handover.drafted_at >= since)
    return work.session.scalars(query.order_by(Handover.id.desc()).limit(1).with_for_update()).first()


def untaken(work: Work) -> Sequence[Handover]:
    """Return every hand-over that nobody has taken, oldest first."""
    return work.session.scalars(_open(work).order_by(Handover.id)).all()


def drafted_since(work: Work, *, department: str, since: datetime) -> bool:
    """Say whether the department has handed over since then, taken or not."""
    query = select(Handover.id).where(
        Handover.site_id == work.site_id,
        Handover.department == department,
        Handover.drafted_at >= since,
        ~Handover.void,
    )
    return work.session.scalars(query.limit(1)).first() is not None


def held_by(work: Work, *, person_id: int) -> Sequence[Andon]:
    """Return the andons that somebody works on, locked in the order of their ids."""
    query = select(Andon).where(
        Andon.site_id == work.site_id, Andon.holder_id == person_id, Andon.status.in_(HELD), ~Andon.void
    )
    return work.session.scalars(query.order_by(Andon.id).with_for_update()).all()
