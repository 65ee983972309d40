"""What a directory is compared with, what stands of its last reading, and what waits to be read."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import delete, or_, select

from domain.models.andon import Andon, AndonStatus
from domain.models.directory import KnownAccount, KnownPerson
from domain.models.journal import Dialogue, Setting
from domain.models.people import Account, Binding, BindingStatus, Person, Site
from domain.store import claims
from domain.work import Work

STANDING: Final = "directory:"
Stamps = frozenset[tuple[Any, ...]]
WANTED: Final = "directory.read:"


def lock(work: Work) -> None:
    """Let one directory be applied at a time."""
    work.session.execute(select(Site.id).where(Site.id == work.site_id).with_for_update())


def accounts(work: Work, *, platform: str) -> Sequence[KnownAccount]:
    """Return every account of a platform."""
    query = select(
        Account.id,
        Account.user_id,
        Account.person_id,
        Account.active,
        Account.listed_at.is_not(None),
        Account.bound_how,
    ).where(Account.site_id == work.site_id, Account.platform == platform)
    rows = work.session.execute(query.order_by(Account.id))
    return [
        KnownAccount(id=it[0], user_id=it[1], person_id=it[2], active=it[3], listed=it[4], how=it[5])
        for it in rows
    ]


def people(work: Work) -> Sequence[KnownPerson]:
    """Return everybody who is or was here."""
    query = select(Person.id, Person.job_number, Person.name, Person.department, Person.active)
    rows = work.session.execute(query.where(Person.site_id == work.site_id).order_by(Person.id))
    return [
        KnownPerson(id=it[0], job_number=it[1], name=it[2], department=it[3], active=it[4]) for it in rows
    ]


def accounts_by_id(work: Work, ids: Collection[int]) -> Sequence[Account]:
    """Return these accounts, locked."""
    query = select(Account).where(Account.id.in_(ids)).order_by(Account.id)
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def accounts_called(work: Work, *, platform: str, user_ids: Collection[str]) -> Sequence[Account]:
    """Return the accounts of these user ids that are in force, locked."""
    query = select(Account).where(
        Account.site_id == work.site_id,
        Account.platform == platform,
        Account.user_id.in_(user_ids),
        Account.active,
    )
    return work.session.scalars(query.order_by(Account.id).with_for_update()).all()


def accounts_in_force(work: Work, *, person_id: int) -> Sequence[Account]:
    """Return a person's accounts that are in force, locked."""
    query = select(Account).where(Account.person_id == person_id, Account.active)
    return work.session.scalars(query.order_by(Account.id).with_for_update()).all()


def stamps(work: Work, *, platform: str) -> Stamps:
    """Return how every account of a platform stands, to be compared later; nobody's clock is asked."""
    query = select(
        Account.id, Account.person_id, Account.active, Account.left_at, Account.listed_at, Account.bound_at
    ).where(Account.site_id == work.site_id, Account.platform == platform)
    return frozenset(tuple(row) for row in work.session.execute(query))


def changed_since(work: Work, *, platform: str, began: Stamps) -> set[int]:
    """Return accounts that have come or gone since a reading began: it does not know of that."""
    return {int(row[0]) for row in stamps(work, platform=platform) - began}


def end_dialogues(work: Work, *, platform: str, user_ids: Collection[str]) -> None:
    """Forget what these accounts were asked."""
    mine = Dialogue.chat_key.startswith(f"{platform}:", autoescape=True) & Dialogue.sender.in_(user_ids)
    work.session.execute(delete(Dialogue).where(mine))


def open_bindings_about(work: Work, *, person_id: int) -> Sequence[Binding]:
    """Return the requests that wait for a person or are about them, locked."""
    query = select(Binding).where(
        Binding.status == BindingStatus.OPEN,
        or_(Binding.person_id == person_id, Binding.approver_id == person_id),
    )
    return work.session.scalars(query.order_by(Binding.id).with_for_update()).all()


def held_by(work: Work, *, person_id: int) -> Sequence[int]:
    """Return the andons of which a person has the ball."""
    query = select(Andon.id).where(
        Andon.holder_id == person_id, Andon.status != AndonStatus.CLOSED, ~Andon.void
    )
    return work.session.scalars(query.order_by(Andon.id)).all()


def standing(work: Work, *, platform: str) -> dict[str, Any]:
    """Return what stands of the last reading of a platform's directory; {} if there was none."""
    found = work.session.get(Setting, STANDING + platform, populate_existing=True)
    return dict(found.value) if found else {}


def keep_standing(work: Work, *, platform: str, value: dict[str, Any]) -> None:
    """Keep what stands of the last reading."""
    claims.put_setting(work, STANDING + platform, value)


def want(work: Work, *, platform: str, what: str, value: dict[str, Any]) -> None:
    """Note that one account (or all: `*`) is to be read again."""
    claims.put_setting(work, f"{WANTED}{platform}:{what}"[:120], value)


def wanted(work: Work) -> Sequence[tuple[str, str, dict[str, Any]]]:
    """Return platform, account (`*`: all) and note of everything that is to be read again."""
    query = select(Setting).where(Setting.name.startswith(WANTED, autoescape=True)).order_by(Setting.name)
    found = [(it.name.removeprefix(WANTED).partition(":"), it.value) for it in work.session.scalars(query)]
    return [(name[0], value.get("user_id", name[2]), value) for name, value in found]


def have_read(work: Work, *, platform: str, what: str, value: dict[str, Any]) -> None:
    """Take a note back that has been seen to, unless it was made anew meanwhile."""
    name = f"{WANTED}{platform}:{what}"[:120]
    found = work.session.scalars(select(Setting).where(Setting.name == name).with_for_update()).first()
    if found is not None and found.value == value:
        work.session.delete(found)
