"""Sign-ons: who stands where now, locked by the person they are of."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select

from domain.models.floor import SignOn
from domain.models.people import Person
from domain.work import Work


def _open(work: Work) -> Select[SignOn]:
    return select(SignOn).where(SignOn.site_id == work.site_id, SignOn.until.is_(None), ~SignOn.void)


def lock_of(work: Work, *, person_id: int) -> SignOn | None:
    """Return the person's open sign-on; their own row serialises who signs them on or off."""
    work.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    found = work.session.scalars(_open(work).where(SignOn.person_id == person_id).with_for_update())
    return found.first()


def lock(work: Work, *, sign_on_id: int) -> SignOn | None:
    """Return this sign-on, if it is still open, locked."""
    person = select(SignOn.person_id).where(SignOn.id == sign_on_id)
    person_id = work.session.scalars(person).first()
    found = lock_of(work, person_id=person_id) if person_id is not None else None
    return found if found is not None and found.id == sign_on_id else None


def still_open(work: Work) -> Sequence[SignOn]:
    """Return every open sign-on, the longest first."""
    return work.session.scalars(_open(work).order_by(SignOn.since, SignOn.id)).all()


def during(work: Work, *, since: datetime, until: datetime) -> Sequence[SignOn]:
    """Return every sign-on that fell into this time (until: not included), the earliest first."""
    query = select(SignOn).where(
        SignOn.site_id == work.site_id,
        ~SignOn.void,
        SignOn.since < until,
        or_(SignOn.until.is_(None), SignOn.until > since),
    )
    return work.session.scalars(query.order_by(SignOn.since, SignOn.id)).all()


def operation_of(work: Work, *, person_id: int) -> str:
    """Return the code of the operation that a person's open sign-on binds; empty where it binds none."""
    return work.session.scalars(_open(work).where(SignOn.person_id == person_id)).one().operation


def stands_elsewhere(work: Work, *, ended: Collection[int], besides: Collection[int]) -> bool:
    """Say whether the people of these sign-ons have another open one, but for those of `besides`."""
    whose = select(SignOn.person_id).where(SignOn.id.in_(ended))
    query = _open(work).where(SignOn.person_id.in_(whose), SignOn.id.not_in(besides))
    return work.session.scalars(query.limit(1)).first() is not None
