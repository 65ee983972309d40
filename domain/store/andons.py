"""Andons: found by number or cause, and those whose time has come."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from domain.errors import NotFound
from domain.models.andon import Andon, AndonStatus
from domain.models.journal import EVENT_ORDER, Event, EventSubject
from domain.models.people import Site
from domain.work import Work


def lock(work: Work, *, number: int) -> Andon:
    """Return the andon A-<number>, locked; raises NotFound."""
    query = select(Andon).where(Andon.site_id == work.site_id, Andon.number == number, ~Andon.void)
    found = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(kind="andon", code_text=f"A-{number}")
    return found


def lock_by_id(work: Work, andon_id: int) -> Andon | None:
    """Return an andon by id, locked."""
    query = select(Andon).where(Andon.id == andon_id, ~Andon.void)
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def live_by_cause(work: Work, *, cause_key: str) -> Andon | None:
    """Return the one andon of this cause that is not closed, locked."""
    query = select(Andon).where(
        Andon.site_id == work.site_id,
        Andon.cause_key == cause_key,
        Andon.status != AndonStatus.CLOSED,
        ~Andon.void,
    )
    return work.session.scalars(query.with_for_update()).first()


def next_number(work: Work) -> int:
    """Return the next andon number of the site; the site's row serialises who asks."""
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())
    query = select(func.max(Andon.number)).where(Andon.site_id == work.site_id)
    return (work.session.scalars(query).one() or 0) + 1


def due(work: Work, *, at: datetime, besides: Collection[int] = (), limit: int = 100) -> Sequence[int]:
    """Return ids of andons whose timer has run out, the longest overdue first, `besides` these."""
    query = select(Andon.id).where(Andon.due_at <= at, Andon.status != AndonStatus.CLOSED, ~Andon.void)
    query = query.where(Andon.id.not_in(besides))
    return work.session.scalars(query.order_by(Andon.due_at).limit(limit)).all()


def generation(work: Work, andon_id: int) -> int:
    """Return the generation an andon stands at; 0 if it is gone."""
    query = select(Andon.generation).where(Andon.id == andon_id, ~Andon.void)
    return work.session.scalars(query).first() or 0


def last_actor(work: Work, *, andon_id: int, event_type: str) -> int | None:
    """Return who did this to the andon last."""
    work.see_rows()
    query = (
        select(Event.actor_id)
        .join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.kind == "andon", EventSubject.ref == andon_id, Event.type == event_type)
    )
    return work.session.scalars(query.order_by(EVENT_ORDER.desc()).limit(1)).first()
