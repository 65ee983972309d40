"""Findings and complaints: by number, by order, and who has most likely to do with a missed operation."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import bindparam, func, or_, select

from domain.errors import NotFound
from domain.models.finding import Complaint, Finding, FindingStatus
from domain.models.floor import SignOn
from domain.models.journal import EVENT_ORDER, Event, EventSubject
from domain.models.people import Person, Site
from domain.store.mapped import Objects
from domain.work import Work

REPORTS: Final = ("work.reported", "unit.passed")
LOOK_BACK: Final = 20
"""Events that touched an operation: a report of the one before opens it too."""


def next_number(work: Work, *, complaint: bool = False) -> int:
    """Return the next number of a finding (or complaint); the site's row serialises who asks."""
    kind = Complaint if complaint else Finding
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())
    work.session.flush()
    query = select(func.max(kind.number)).where(kind.site_id == work.site_id)
    return (work.session.scalars(query).one() or 0) + 1


def lock_open(work: Work, *, number: int) -> Sequence[Finding]:
    """Return what is open of QS-<number>, locked, the first operation in front; raises NotFound."""
    query = select(Finding).where(Finding.site_id == work.site_id, Finding.number == number, ~Finding.void)
    query = query.where(Finding.status == FindingStatus.OPEN).order_by(Finding.sequence, Finding.id)
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    if not found:
        raise NotFound(kind="finding", code_text=f"QS-{number}")
    return found


_OPEN: Final = Objects(
    Finding,
    Finding.order_id == bindparam("order"),
    Finding.status == FindingStatus.OPEN,
    ~Finding.void,
    order_by=Finding.id,
)


def open_of_order(work: Work, *, order_id: int) -> Sequence[Finding]:
    """Return what is open of an order, oldest first."""
    work.session.flush()
    return _OPEN.all(work, order=order_id)


def of_order(work: Work, *, order_id: int) -> Sequence[Finding]:
    """Return every finding of an order, however it ended."""
    query = select(Finding).where(Finding.order_id == order_id, ~Finding.void).order_by(Finding.id)
    return work.session.scalars(query).all()


def open_of_task(work: Work, *, order_id: int, sequence: int) -> Sequence[Finding]:
    """Return what is open of one operation of an order."""
    return [it for it in open_of_order(work, order_id=order_id) if it.sequence == sequence]


def waived(work: Work, *, order_id: int) -> frozenset[str]:
    """Return the causes that were waived of an order."""
    query = select(Finding.cause).where(
        Finding.order_id == order_id, Finding.status == FindingStatus.WAIVED, ~Finding.void
    )
    return frozenset(work.session.scalars(query))


def last_there(work: Work, *, operation: str, stations: Collection[str]) -> str | None:
    """Return the job number of who is signed on for an operation, else of who was last."""
    query = (
        select(Person.job_number)
        .join(SignOn, SignOn.person_id == Person.id)
        .where(SignOn.site_id == work.site_id, ~SignOn.void, Person.active)
        .where(
            or_(
                SignOn.operation == operation,
                (SignOn.operation == "") & SignOn.station.in_(list(stations)),
            )
        )
        .order_by(SignOn.until.is_not(None), SignOn.since.desc(), SignOn.id.desc())
    )
    return work.session.scalars(query.limit(1)).first()


def last_reporter(work: Work, *, task_id: int, operation: str) -> str | None:
    """Return the job number of who reported an operation of an order last."""
    work.see_rows()
    query = (
        select(Person.job_number, Event.data)
        .join(Event, Event.actor_id == Person.id)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == "operation_task", EventSubject.ref == task_id)
        .where(Event.type.in_(REPORTS), Person.active)
    )
    rows = work.session.execute(query.order_by(EVENT_ORDER.desc()).limit(LOOK_BACK))
    return next((number for number, data in rows if data.get("operation") == operation), None)


def called(work: Work, *, job_number: str) -> str:
    """Return the name of a person, or the number itself."""
    query = select(Person.name).where(Person.site_id == work.site_id, Person.job_number == job_number)
    return work.session.scalars(query).first() or job_number
