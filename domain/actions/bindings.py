"""绑定: an account claims to be an employee; that person's leader confirms from their own account."""

from datetime import timedelta
from secrets import randbelow
from typing import Final, TypedDict

from domain.errors import AlreadyBound, HasLeft, NobodyToAsk, NotPermitted
from domain.models.people import Account, Binding, BindingStatus, Person
from domain.store import people
from domain.work import Work

ANSWER_WITHIN: Final = timedelta(days=2)


class Bound(TypedDict):
    """What became of a request."""

    code: str
    name: str
    job_number: str
    approver: str
    platforms: list[str]
    rivals: list[str]


def request(
    work: Work, *, platform: str, user_id: str, sender_name: str, chat_key: str, job_number: str
) -> Bound:
    """Ask that an account be bound to an employee. Raises NotFound, AlreadyBound, HasLeft, NobodyToAsk."""
    account = people.account(work, platform=platform, user_id=user_id)
    if account is not None and account.active:
        raise AlreadyBound(name=work.session.get_one(Person, account.person_id).name)
    person = people.by_job_number(work, job_number=job_number)
    _still_here(person)
    approver = people.by_job_number(work, job_number=approver_of(work, job_number=job_number))
    if not people.accounts_of(work, approver):
        raise NobodyToAsk(name=approver.name)
    people.expire_bindings(work, platform=platform, user_id=user_id)
    binding = Binding(
        id=work.new_id(),
        site_id=work.site_id,
        code=_free_code(work),
        platform=platform,
        user_id=user_id,
        sender_name=sender_name[:80],
        chat_key=chat_key,
        person_id=person.id,
        approver_id=approver.id,
        requested_at=work.now,
        expires_at=work.now + ANSWER_WITHIN,
        status=BindingStatus.OPEN,
    )
    work.session.add(binding)
    return _record(work, "binding.requested", binding)


def _still_here(person: Person) -> None:
    """Refuse to bind anything to who has left; raises HasLeft."""
    if not person.active:
        raise HasLeft(name=person.name)


def _free_code(work: Work) -> str:
    """Return a code that no open request has: short enough to type, random so that nobody guesses it."""
    code = f"B-{randbelow(1_000_000):06d}"
    return _free_code(work) if people.is_open_code(work, code) else code


def approver_of(work: Work, *, job_number: str) -> str:
    """Return who confirms (job number): the leader; for a leader the head; for a head the plant manager.

    Who has left confirms nothing; somebody whom only the directory knows has the leader of the department
    that it names.
    """
    manager, gone = work.playbook.site.plant_manager, people.leavers(work)
    rule = work.playbook.people_by_number.get(job_number)
    known = rule.department if rule else people.by_job_number(work, job_number=job_number).department
    unit = work.playbook.departments_by_word.get(known or "")
    if unit is None:
        return manager
    asked = (unit.leader_or_head, unit.head)
    return next((one for one in asked if one != job_number and one not in gone), manager)


def confirm(work: Work, *, code: str) -> Bound:
    """Confirm a request: the account is the employee's from now on; raises NotFound, NotPermitted, HasLeft.

    Others who claim the same employee on this platform are refused with it: they may ask again, and the
    leader then sees that there is an account already.
    """
    binding = _mine(work, code)
    _still_here(work.session.get_one(Person, binding.person_id))
    rivals = people.rival_bindings(work, binding)
    binding.move(BindingStatus.CONFIRMED)
    account = people.account(work, platform=binding.platform, user_id=binding.user_id)
    if account is None:
        account = Account(
            id=work.new_id(), site_id=work.site_id, platform=binding.platform, user_id=binding.user_id
        )
        work.session.add(account)
    account.person_id, account.active = binding.person_id, True
    account.bound_at, account.bound_how = work.now, f"confirmed by {work.actor.job_number}"
    account.left_at = None
    done = _record(work, "binding.confirmed", binding)
    for rival in rivals:
        rival.move(BindingStatus.REFUSED)
        _record(work, "binding.refused", rival)
    return done


def refuse(work: Work, *, code: str) -> Bound:
    """Refuse a request. Raises NotFound, NotPermitted."""
    binding = _mine(work, code)
    binding.move(BindingStatus.REFUSED)
    return _record(work, "binding.refused", binding)


def _mine(work: Work, code: str) -> Binding:
    binding = people.open_binding(work, code=code)
    if binding.approver_id != work.actor.person_id:
        who = work.session.get_one(Person, binding.approver_id).name
        raise NotPermitted(permission="binding.confirm", who=who)
    return binding


def _record(work: Work, event_type: str, binding: Binding) -> Bound:
    person = work.session.get_one(Person, binding.person_id)
    bound = Bound(
        code=binding.code,
        name=person.name,
        job_number=person.job_number,
        platforms=[account.platform for account in people.accounts_of(work, person)],
        rivals=[rival.sender_name for rival in people.rival_bindings(work, binding)],
        approver=work.session.get_one(Person, binding.approver_id).name,
    )
    where = {"platform": binding.platform, "user_id": binding.user_id, "chat_key": binding.chat_key}
    work.record(
        event_type, data={**bound, **where, "sender": binding.sender_name}, about=[("binding", binding.id)]
    )
    return bound
