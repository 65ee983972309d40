"""People, their accounts, and requests to bind one."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from domain.errors import NotFound
from domain.models.people import Account, Binding, BindingStatus, Person
from domain.work import Work


def by_job_number(work: Work, *, job_number: str) -> Person:
    """Return an employee; raises NotFound."""
    person = find(work, job_number=job_number)
    if person is None:
        raise NotFound(kind="person", code_text=job_number)
    return person


def find(work: Work, *, job_number: str) -> Person | None:
    """Return an employee, or None."""
    return work.session.scalars(
        select(Person).where(Person.site_id == work.site_id, Person.job_number == job_number)
    ).first()


def by_ids(work: Work, ids: Sequence[int]) -> Sequence[Person]:
    """Return employees in the order of their ids given."""
    found = {person.id: person for person in work.session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [found[person_id] for person_id in ids if person_id in found]


def by_job_numbers(work: Work, job_numbers: Sequence[str]) -> Sequence[Person]:
    """Return employees in the order of the job numbers given; unknown ones are left out."""
    query = select(Person).where(Person.site_id == work.site_id, Person.job_number.in_(job_numbers))
    found = {person.job_number: person for person in work.session.scalars(query)}
    return [found[number] for number in job_numbers if number in found]


def leavers(work: Work) -> frozenset[str]:
    """Return the job numbers of those who have left."""
    query = select(Person.job_number).where(Person.site_id == work.site_id, ~Person.active)
    return frozenset(work.session.scalars(query))


def account(work: Work, *, platform: str, user_id: str) -> Account | None:
    """Return an account, active or not."""
    query = select(Account).where(
        Account.site_id == work.site_id, Account.platform == platform, Account.user_id == user_id
    )
    return work.session.scalars(query).first()


def accounts_of(work: Work, person: Person) -> Sequence[Account]:
    """Return a person's accounts that are in force."""
    query = select(Account).where(Account.person_id == person.id, Account.active).order_by(Account.id)
    return work.session.scalars(query).all()


def _open(work: Work) -> Select[Binding]:
    return select(Binding).where(
        Binding.site_id == work.site_id,
        Binding.status == BindingStatus.OPEN,
        Binding.expires_at > work.now,
    )


def is_open_code(work: Work, code: str) -> bool:
    """Say whether a request that can still be answered has this code."""
    return work.session.scalars(_open(work).where(Binding.code == code)).first() is not None


def expire_bindings(work: Work, *, platform: str, user_id: str) -> None:
    """End the earlier requests of an account, and all that nobody answered in time."""
    mine = (Binding.platform == platform) & (Binding.user_id == user_id)
    old = select(Binding).where(
        Binding.site_id == work.site_id,
        Binding.status == BindingStatus.OPEN,
        mine | (Binding.expires_at <= work.now),
    )
    for binding in work.session.scalars(old.with_for_update()):
        binding.move(BindingStatus.EXPIRED)


def open_binding(work: Work, *, code: str) -> Binding:
    """Return the request with this code that can still be answered, locked; raises NotFound."""
    query = _open(work).where(Binding.code == code).order_by(Binding.id.desc()).with_for_update()
    found = work.session.scalars(query).first()
    if found is None:
        raise NotFound(kind="binding", code_text=code)
    return found


def rival_bindings(work: Work, binding: Binding) -> Sequence[Binding]:
    """Return the other open requests for the same employee on the same platform, locked."""
    query = _open(work).where(
        Binding.person_id == binding.person_id,
        Binding.platform == binding.platform,
        Binding.id != binding.id,
    )
    return work.session.scalars(query.order_by(Binding.id).with_for_update()).all()
