"""Who speaks, and where people and departments can be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, bindparam, select

from domain.models.floor import SignOn
from domain.models.people import Account, Binding, Chat, Person
from domain.store.prepared import Prepared
from domain.work import Actor, Work

_SPEAKER: Final = Prepared(
    select(Person.id, Person.job_number, Person.name, Person.department, SignOn.station, SignOn.equipment)
    .join(Account, Account.person_id == Person.id)
    .outerjoin(
        SignOn,
        and_(
            SignOn.site_id == Account.site_id,
            SignOn.person_id == Person.id,
            SignOn.until.is_(None),
            ~SignOn.void,
        ),
    )
    .where(
        Account.site_id == bindparam("site_id"),
        Account.platform == bindparam("platform"),
        Account.user_id == bindparam("user_id"),
        Account.active,
        Person.active,
    )
)
_LISTED: Final = Prepared(
    select(Account.id).where(
        Account.person_id == bindparam("person"), Account.active, Account.listed_at.is_not(None)
    )
)
_ACCOUNTS: Final = Prepared(
    select(Account.user_id)
    .where(
        Account.person_id == bindparam("person"), Account.platform == bindparam("platform"), Account.active
    )
    .order_by(Account.id)
)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One chat: a group of a department, or a person's 1:1 chat."""

    platform: str
    chat_id: str
    kind: str
    title: str = ""


def speaker(work: Work, *, platform: str, user_id: str) -> Actor | None:
    """Return who an account belongs to, with the roles of the playbook; None for a stranger or a leaver."""
    row = _SPEAKER.first(work, site_id=work.site_id, platform=platform, user_id=user_id)
    if row is None:
        return None
    rule = work.playbook.people_by_number.get(row.job_number)
    return Actor(
        person_id=row.id,
        job_number=row.job_number,
        name=row.name,
        department=row.department,
        roles=frozenset(rule.roles) if rule else _default_roles(work, row.id),
        place=row.station or (rule and rule.line) or "",
        station=row.station or "",
        equipment=row.equipment or "",
    )


def _default_roles(work: Work, person_id: int) -> frozenset[str]:
    """Return what the playbook gives to those whom it does not name and a directory does, usually nothing."""
    role = work.playbook.directory.default_role
    return frozenset((role,)) if role and _LISTED.first(work, person=person_id) else frozenset()


def platform_ids(
    work: Work, person_ids: Sequence[int], *, platform: str, asker: tuple[int, str] | None = None
) -> tuple[str, ...]:
    """Return the accounts of people on one platform, for mentions.

    `asker` is a person and the account by which they have just spoken there: that one is meant, and known.
    """
    found: list[str] = []
    for person in person_ids:
        if asker and person == asker[0]:
            found.append(asker[1])
        else:
            found += (row.user_id for row in _ACCOUNTS.all(work, person=person, platform=platform))
    return tuple(found)


def direct_chats(work: Work, *, job_numbers: Sequence[str]) -> Sequence[Reach]:
    """Return one 1:1 chat for each of these people: the account that was bound first."""
    query = (
        select(Person.id, Account.platform, Account.user_id, Person.name)
        .join(Account, Account.person_id == Person.id)
        .where(Person.site_id == work.site_id, Person.job_number.in_(job_numbers), Account.active)
        .order_by(Account.bound_at, Account.id)
    )
    first: dict[int, Reach] = {}
    for person_id, platform, user_id, name in work.session.execute(query):
        first.setdefault(person_id, Reach(platform=platform, chat_id=user_id, kind="direct", title=name))
    return list(first.values())


def every_direct_chat(work: Work, *, job_number: str) -> list[Reach]:
    """Return every 1:1 chat of one person, the account that was bound first in front."""
    query = (
        select(Account.platform, Account.user_id, Person.name)
        .join(Account, Account.person_id == Person.id)
        .where(Person.site_id == work.site_id, Person.job_number == job_number, Person.active, Account.active)
        .order_by(Account.bound_at, Account.id)
    )
    return [
        Reach(platform=platform, chat_id=user_id, kind="direct", title=name)
        for platform, user_id, name in work.session.execute(query)
    ]


def keepers(work: Work, *, permission: str, besides: str = "") -> Sequence[Reach]:
    """Return the 1:1 chats of everybody whose roles include a permission, or else the plant manager's.

    `besides` (job number) knows already.
    """
    playbook = work.playbook
    numbers = [it.id for it in playbook.people if permission in playbook.permissions_of(it.id)]
    asked = [it for it in numbers or [playbook.site.plant_manager] if it != besides]
    return direct_chats(work, job_numbers=asked)


def leaver(work: Work, *, platform: str, user_id: str) -> str | None:
    """Return the name of the one who had this account and has lost it, None for anybody else."""
    query = (
        select(Person.name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.site_id == work.site_id, Account.platform == platform, Account.user_id == user_id)
        .where(~Account.active | ~Person.active)
    )
    return work.session.scalars(query).first()


def department_chats(work: Work, *, department: str) -> Sequence[Reach]:
    """Return the groups in which a department hears what concerns it (the playbook names them)."""
    unit = work.playbook.departments_by_word.get(department)
    if unit is None:
        return []
    rules = [work.playbook.chat(code) for code in unit.chats]
    return [Reach(platform=it.platform, chat_id=it.id, kind="group", title=it.title) for it in rules]


def line_chats(work: Work, *, line: str) -> Sequence[Reach]:
    """Return the groups of a production line."""
    found = next((it for it in work.playbook.lines if line in (it.code, it.name)), None)
    rules = [work.playbook.chat(code) for code in found.chats] if found else []
    return [Reach(platform=it.platform, chat_id=it.id, kind="group", title=it.title) for it in rules]


def chat(work: Work, *, chat_key: str) -> Reach | None:
    """Return a chat that the bot has heard from."""
    found = work.session.get(Chat, chat_key)
    if found is None:
        return None
    return Reach(platform=found.platform, chat_id=found.chat_id, kind=found.kind, title=found.title)


def title_of(work: Work, *, chat_key: str) -> str:
    """Return what people call a chat: the group's name, or whose own chat it is; else its id.

    Before a person's id stands `app:` where it is their chat with WeCom's self-built app.
    """
    platform, _colon, whole = chat_key.partition(":")
    chat_id = whole.removeprefix("app:")
    named = (it.title for it in work.playbook.chats if (it.platform, it.id) == (platform, chat_id))
    if title := next(named, ""):
        return title
    user_id = chat_id.lower() if platform == "wecom" else chat_id  # as accounts are kept
    if owner := speaker(work, platform=platform, user_id=user_id):
        return owner.name
    found = work.session.get(Chat, chat_key)
    return found.title if found and found.title else chat_id


def people_ids(work: Work, *, job_numbers: Sequence[str]) -> tuple[int, ...]:
    """Return our ids of these people, for mentions."""
    query = select(Person.id).where(Person.site_id == work.site_id, Person.job_number.in_(job_numbers))
    return tuple(work.session.scalars(query))


def job_numbers(work: Work, *, person_ids: Sequence[int]) -> tuple[str, ...]:
    """Return the job numbers of these people, by which they are reached."""
    return tuple(work.session.scalars(select(Person.job_number).where(Person.id.in_(person_ids))))


def names_by_number(work: Work, numbers: Sequence[str]) -> list[str]:
    """Return the names of people by their job numbers, in this order."""
    query = select(Person.job_number, Person.name).where(
        Person.site_id == work.site_id, Person.job_number.in_(numbers)
    )
    found = {row.job_number: row.name for row in work.session.execute(query)}
    return [found[number] for number in numbers if number in found]


def name_of(work: Work, person_id: int | None) -> str:
    """Return a person's name, or nothing."""
    if person_id is None:
        return ""
    return work.session.scalars(select(Person.name).where(Person.id == person_id)).first() or ""


def approver_chats(work: Work, *, binding_id: int) -> Sequence[Reach]:
    """Return the 1:1 chat of who must confirm a binding."""
    query = (
        select(Person.job_number)
        .join(Binding, Binding.approver_id == Person.id)
        .where(Binding.id == binding_id)
    )
    return direct_chats(work, job_numbers=list(work.session.scalars(query)))
