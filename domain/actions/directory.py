"""A platform's directory becomes ours: applied whole in one transaction, or one account at a time by events.

An empty reading is refused and changes nothing; many leavers at once wait for somebody to confirm them.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from secrets import randbelow
from typing import Any, Final, TypedDict

from domain.actions.directory_plan import BY_DIRECTORY, QUIET, Conflict, Plan, department_of, plan
from domain.actions.leaving import end, leave
from domain.errors import EmptyDirectory, NotFound
from domain.models.directory import Directory, DirectoryChange, Member
from domain.models.people import Account, Person
from domain.permits import require
from domain.store import directory as store
from domain.store import people
from domain.work import Work

PERMISSION: Final = "directory.manage"
EVERYTHING: Final = "*"


class Read(TypedDict):
    """What a reading came to: counts, and what is new to tell."""

    platform: str
    people: int
    departments: int
    hired: int
    bound: int
    moved: int
    back: int
    left: list[str]
    pending: list[str]
    code: str
    conflicts: list[dict[str, Any]]
    asked: str
    by: str


def apply(
    work: Work, *, platform: str, directory: Directory, began: store.Stamps, asked: str = "", by: str = ""
) -> Read:
    """Apply a directory that was read whole. Raises EmptyDirectory.

    `asked` is the key of the chat that asked for it, `by` the job number of who did; `began` is how accounts
    stood when the reading began. Those that have come or gone since are left as they are: it does not know.
    """
    if not any(member.active for member in directory.people):
        raise EmptyDirectory(platform=platform)
    store.lock(work)
    made, listed = _compare(work, platform=platform, directory=directory, began=began)
    _take_in(work, made, platform=platform, directory=directory)
    stood = store.standing(work, platform=platform)
    pending, left = _let_go(work, made.gone, platform=platform, listed=listed)
    read = Read(
        platform=platform,
        people=len(directory.people),
        departments=len(directory.departments),
        hired=len(made.hired),
        bound=len(made.bound) + len(made.rebound),
        moved=len(made.moved),
        back=len(made.back),
        left=left,
        pending=[it.user_id for it in pending],
        code=_code(stood, pending),
        conflicts=[asdict(it) for it in _news(made.conflicts, stood)],
        asked=asked,
        by=by,
    )
    if asked or read["conflicts"] or read["code"] not in ("", stood.get("code")):
        work.record("directory.read", data={**read, "names": _names(work, pending)})
    _stand(work, read, conflicts=made.conflicts)
    return read


def _compare(work: Work, *, platform: str, directory: Directory, began: store.Stamps) -> tuple[Plan, int]:
    """Return what is to be done, and how many accounts the directory listed until now."""
    fresh = store.changed_since(work, platform=platform, began=began)
    known = store.accounts(work, platform=platform)
    untouched = {it.user_id for it in known if it.id in fresh}
    made = plan(
        replace(directory, people=tuple(it for it in directory.people if it.user_id not in untouched)),
        platform=platform,
        accounts=known,
        people=store.people(work),
        playbook=work.playbook,
    )
    made.gone = [account_id for account_id in made.gone if account_id not in fresh]
    return made, sum(it.active and it.listed for it in known)


def apply_member(work: Work, *, platform: str, member: Member, began: store.Stamps) -> None:
    """Apply one account that was read again because an event named it; departments wait for the night."""
    if not member.active:
        leave(work, platform=platform, user_ids=[member.user_id])
        return
    store.lock(work)
    _not_missed(work, platform=platform, user_id=member.user_id)
    known = store.accounts(work, platform=platform)
    fresh = store.changed_since(work, platform=platform, began=began)
    if any(it.id in fresh for it in known if it.user_id == member.user_id):
        return
    alone = Directory(people=(member,))
    made = plan(
        alone,
        platform=platform,
        accounts=known,
        people=store.people(work),
        playbook=work.playbook,
        whole=False,
    )
    _take_in(work, made, platform=platform, directory=alone)


def _not_missed(work: Work, *, platform: str, user_id: str) -> None:
    """Take who is listed after all from those whose leaving waits to be confirmed."""
    stood = store.standing(work, platform=platform)
    if user_id in stood.get("pending", ()):
        rest = [it for it in stood["pending"] if it != user_id]
        value = {**stood, "pending": rest, "code": stood["code"] if rest else ""}
        store.keep_standing(work, platform=platform, value=value)


def _take_in(work: Work, made: Plan, *, platform: str, directory: Directory) -> None:
    """Do what the plan says, but for those who are gone; one event for each kind of change."""
    _back(work, made)
    _hire(work, made, platform=platform, directory=directory)
    _bind(work, made, platform=platform)
    for person_id, name, department in made.moved:
        person = work.session.get_one(Person, person_id)
        person.name, person.department = name[:80], department
    if made.moved:
        moved = [f"{name} {department}".strip() for _, name, department in made.moved]
        work.record("person.moved", data={"people": moved})


def _back(work: Work, made: Plan) -> None:
    """People who had left and are listed again, and accounts that are listed from now on."""
    returned = people.by_ids(work, list(dict.fromkeys(made.back)))
    for person in returned:
        person.active = True
    for account in store.accounts_by_id(work, made.seen):
        account.active, account.listed_at, account.left_at = True, work.now, None
    if returned:
        work.record("person.joined", data={"people": [_line(it) for it in returned], "back": True})
    elif made.seen:
        work.record("account.listed", data={"accounts": len(made.seen)})


def _hire(work: Work, made: Plan, *, platform: str, directory: Directory) -> None:
    hired = []
    for member, number in made.hired:
        person = Person(
            id=work.new_id(),
            site_id=work.site_id,
            job_number=number[:40],
            name=(member.name or number)[:80],
            department=department_of(work.playbook, directory.department_names(member)),
            active=True,
        )
        account = _account(work, platform, member.user_id, person.id)
        work.session.add_all([person, account])
        hired.append(person)
    if hired:
        work.record("person.joined", data={"people": [_line(it) for it in hired], "back": False})


def _bind(work: Work, made: Plan, *, platform: str) -> None:
    work.session.add_all(_account(work, platform, it.user_id, person_id) for it, person_id in made.bound)
    owners = dict(made.rebound)
    for account in store.accounts_by_id(work, owners):
        account.person_id, account.bound_at = owners[account.id], work.now
    bound = people.by_ids(work, [*(it for _, it in made.bound), *owners.values()])
    if bound:
        work.record("account.bound", data={"platform": platform, "people": [_line(it) for it in bound]})


def _account(work: Work, platform: str, user_id: str, person_id: int) -> Account:
    return Account(
        id=work.new_id(),
        site_id=work.site_id,
        platform=platform,
        user_id=user_id,
        person_id=person_id,
        bound_at=work.now,
        bound_how=BY_DIRECTORY,
        active=True,
        listed_at=work.now,
    )


def _line(person: Person) -> str:
    return f"{person.job_number} {person.name}"


def _let_go(
    work: Work, gone: Sequence[int], *, platform: str, listed: int
) -> tuple[Sequence[Account], list[str]]:
    """Let leavers go, or keep them waiting if they are too many to be believed; returns both."""
    accounts = store.accounts_by_id(work, gone)
    rule = work.playbook.directory
    many = len(gone) > rule.leavers or (len(gone) > 1 and len(gone) > rule.leavers_share * listed)
    if many:
        return accounts, []
    return [], end(work, accounts, platform=platform)


def _code(stood: dict[str, Any], pending: Sequence[Account]) -> str:
    """Return the code by which these leavers are confirmed: the same as long as they are the same."""
    if not pending:
        return ""
    same = {it.user_id for it in pending} == set(stood.get("pending", ()))
    return stood["code"] if same else f"L-{randbelow(1_000_000):06d}"


def _names(work: Work, pending: Sequence[Account]) -> list[str]:
    return [_line(it) for it in people.by_ids(work, list(dict.fromkeys(it.person_id for it in pending)))]


def _news(conflicts: Sequence[Conflict], stood: dict[str, Any]) -> list[Conflict]:
    told = set(stood.get("told", ()))
    return [it for it in conflicts if it.kind not in QUIET and it.key not in told]


def _stand(work: Work, read: Read, *, conflicts: Sequence[Conflict]) -> None:
    """Keep what 「通讯录」 shows; what stands no more may be told again when it comes back."""
    value = {
        **{name: read[name] for name in ("people", "departments", "pending", "code")},
        "at": work.now.isoformat(),
        "error": "",
        "conflicts": [asdict(it) for it in conflicts],
        "told": [it.key for it in conflicts],
    }
    store.keep_standing(work, platform=read["platform"], value=value)


def confirm_leavers(work: Work, *, code: str) -> list[str]:
    """Let those go whom a reading missed; returns their names. Raises NotPermitted, NotFound."""
    require(work, PERMISSION)
    store.lock(work)
    for platform in work.playbook.directory.platforms:
        stood = store.standing(work, platform=platform)
        if code and stood.get("code") == code.upper():
            left = leave(work, platform=platform, user_ids=stood["pending"])
            store.keep_standing(work, platform=platform, value={**stood, "pending": [], "code": ""})
            return left
    raise NotFound(kind="leavers", code_text=code)


def ask(work: Work, *, chat_key: str) -> Sequence[str]:
    """Ask that every directory be read now; returns the platforms. Raises NotPermitted."""
    require(work, PERMISSION)
    platforms = work.playbook.directory.platforms
    for platform in platforms:
        note = {"asked": chat_key, "by": work.actor.job_number, "number": work.new_id()}
        store.want(work, platform=platform, what=EVERYTHING, value=note)
    return platforms


def take_note(work: Work, *, platform: str, change: DirectoryChange) -> None:
    """Act on an event: leavers lose their access in this very transaction, the rest is to be read again."""
    if change.kind == "left":
        leave(work, platform=platform, user_ids=change.user_ids)
    elif platform in work.playbook.directory.platforms:
        for user_id in change.user_ids if change.kind == "changed" else (EVERYTHING,):
            note = {"user_id": user_id, "number": work.new_id(), "asked": ""}
            store.want(work, platform=platform, what=user_id, value=note)


def fail(work: Work, *, platform: str, reason: str, asked: str = "", by: str = "") -> None:
    """Note that a directory could not be read; IT hears of it once, whoever asked each time."""
    stood = store.standing(work, platform=platform)
    if asked or stood.get("error") != reason:
        data = {"platform": platform, "reason": reason, "asked": asked, "by": by}
        work.record("directory.failed", data=data)
    store.keep_standing(work, platform=platform, value={**stood, "error": reason})
