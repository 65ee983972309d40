"""Approvals: numbered, locked for whoever decides, and those that wait."""

from sqlalchemy import func, select

from domain.errors import NotFound
from domain.models.approval import Approval
from domain.models.people import Site
from domain.work import Work


def lock(work: Work, *, number: int) -> Approval:
    """Return the approval SP-<number>, locked; raises NotFound."""
    query = select(Approval).where(
        Approval.site_id == work.site_id, Approval.number == number, ~Approval.void
    )
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(kind="approval", code_text=f"SP-{number}")
    return found


def lock_by_id(work: Work, *, approval_id: int) -> Approval | None:
    """Return an approval by id, locked."""
    query = select(Approval).where(Approval.id == approval_id, ~Approval.void)
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def next_number(work: Work) -> int:
    """Return the next number of the site; the site's row serialises who asks."""
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())
    query = select(func.max(Approval.number)).where(Approval.site_id == work.site_id)
    return (work.session.scalars(query).one() or 0) + 1
