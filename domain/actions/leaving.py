"""Who leaves loses their access at once: accounts end, questions are dropped, the ball goes back."""

from collections.abc import Collection, Sequence

from domain.actions.andon_timers import hand_back
from domain.models.people import Account, BindingStatus, Person
from domain.store import directory as store
from domain.work import Work


def leave(work: Work, *, platform: str, user_ids: Collection[str]) -> list[str]:
    """End these accounts, if known; returns the names of those who have left altogether.

    Not while a directory is applied that still lists them: it would let them in again.
    """
    store.lock(work)
    gone = store.accounts_called(work, platform=platform, user_ids=user_ids)
    return end(work, gone, platform=platform)


def end(work: Work, gone: Sequence[Account], *, platform: str) -> list[str]:
    """End accounts of one platform. Who is listed on another one is still here; others are not."""
    for account in gone:
        _end(work, account)
    work.session.flush()
    store.end_dialogues(work, platform=platform, user_ids=[it.user_id for it in gone])
    left = [_person(work, person_id) for person_id in dict.fromkeys(it.person_id for it in gone)]
    return [name for name in left if name]


def _end(work: Work, account: Account) -> None:
    account.active, account.listed_at, account.left_at = False, None, work.now


def _person(work: Work, person_id: int) -> str:
    """Let go whom no directory lists any more; returns the name, or nothing if they are still here."""
    person = work.session.get_one(Person, person_id)
    known = {"name": person.name, "job_number": person.job_number}
    rest = store.accounts_in_force(work, person_id=person_id)
    if any(account.listed_at for account in rest):
        work.record("account.left", data=known, about=[("person", person_id)])
        return ""
    for account in rest:
        _end(work, account)
        store.end_dialogues(work, platform=account.platform, user_ids=[account.user_id])
    person.active = False
    for binding in store.open_bindings_about(work, person_id=person_id):
        binding.move(BindingStatus.EXPIRED)
    work.record("person.left", data=known)
    for andon_id in store.held_by(work, person_id=person_id):
        hand_back(work, andon_id=andon_id, held_by=person.name)
    return person.name
