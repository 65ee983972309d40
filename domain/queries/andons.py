"""Who waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from domain.errors import NotFound
from domain.models.andon import Andon, AndonStatus
from domain.models.people import Person
from domain.models.work_order import WorkOrder
from domain.queries.people import name_of
from domain.store import andons as store
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class AndonView:
    """One andon with the names people know."""

    id: int
    code: str
    number: int
    kind: str
    severity: str
    department: str
    status: AndonStatus
    generation: int
    place: str
    text: str
    order: str
    repeats: int
    reporter: str
    reporter_id: int | None
    caller: str
    holder: str
    holder_id: int | None
    raised_in: str
    raised_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    due_at: datetime | None
    rung: int
    resolution: str
    void: bool


def andon(work: Work, andon_id: int) -> AndonView:
    """Return one andon by id; raises sqlalchemy's NoResultFound, which is a bug of the caller."""
    return _view(work, work.session.get_one(Andon, andon_id))


def numbered(work: Work, number: int) -> AndonView:
    """Return the andon A-<number>; raises NotFound."""
    query = select(Andon).where(Andon.site_id == work.site_id, Andon.number == number, ~Andon.void)
    found = work.session.scalars(query).first()
    if found is None:
        raise NotFound(kind="andon", code_text=f"A-{number}")
    return _view(work, found)


def resolver(work: Work, *, andon_id: int) -> str:
    """Return the name of who said last that it is mended, or nothing."""
    person_id = store.last_actor(work, andon_id=andon_id, event_type="andon.resolved")
    return name_of(work, person_id)


def known(work: Work, number: int) -> bool:
    """Say whether there is an andon A-<number>."""
    query = select(Andon.id).where(Andon.site_id == work.site_id, Andon.number == number, ~Andon.void)
    return work.session.scalars(query).first() is not None


def waiting_for(work: Work, *statuses: AndonStatus, limit: int = 6) -> Sequence[str]:
    """Return the codes of andons that stand so, oldest first."""
    query = select(Andon).where(Andon.site_id == work.site_id, Andon.status.in_(statuses), ~Andon.void)
    return [found.code for found in work.session.scalars(query.order_by(Andon.id).limit(limit))]


def live(
    work: Work, *, department: str = "", until: datetime | None = None, limit: int = 30
) -> Sequence[AndonView]:
    """Return what is not closed, oldest first, of one department or all; raised before `until`, if given."""
    query = select(Andon).where(
        Andon.site_id == work.site_id, Andon.status != AndonStatus.CLOSED, ~Andon.void
    )
    if until is not None:
        query = query.where(Andon.raised_at < until)
    if department:
        query = query.where(Andon.department == department)
    return [_view(work, found) for found in work.session.scalars(query.order_by(Andon.id).limit(limit))]


def in_court_of(work: Work, *, person_id: int, department: str, limit: int = 20) -> Sequence[AndonView]:
    """Return what waits for this person: what they hold, and what nobody of their department has taken."""
    untaken = Andon.status.in_((AndonStatus.OPEN, AndonStatus.REOPENED)) & (Andon.department == department)
    query = select(Andon).where(
        Andon.site_id == work.site_id,
        Andon.status != AndonStatus.CLOSED,
        ~Andon.void,
        or_(Andon.holder_id == person_id, untaken),
    )
    return [_view(work, found) for found in work.session.scalars(query.order_by(Andon.id).limit(limit))]


def _view(work: Work, found: Andon) -> AndonView:
    names = {
        row.id: row.name
        for row in work.session.execute(
            select(Person.id, Person.name).where(Person.id.in_([found.raised_by, found.holder_id]))
        )
    }
    order = work.session.get(WorkOrder, found.order_id) if found.order_id else None
    rule = work.playbook.andon_kind_or_none(found.kind)
    return AndonView(
        id=found.id,
        code=found.code,
        number=found.number,
        kind=rule.name if rule else found.kind,
        severity=found.severity,
        department=found.department,
        status=found.status,
        generation=found.generation,
        place=found.place,
        text=found.text,
        order=order.code if order else "",
        repeats=found.repeats,
        reporter=names.get(found.raised_by or 0, ""),
        reporter_id=found.raised_by,
        caller=found.caller,
        holder=names.get(found.holder_id or 0, ""),
        holder_id=found.holder_id,
        raised_in=found.raised_in,
        raised_at=found.raised_at,
        acknowledged_at=found.acknowledged_at,
        resolved_at=found.resolved_at,
        due_at=found.due_at,
        rung=found.rung,
        resolution=found.resolution,
        void=found.void,
    )
