"""What a read directory means for people we know: who is bound, moved or gone, and what IT must settle.

Pure. Accounts are matched by what is bound already, then by job number; a name alone never binds anybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.models.directory import Directory, KnownAccount, KnownPerson, Member
from domain.playbook import Playbook
from domain.playbook.rules import DirectoryRule

BY_DIRECTORY: Final = "directory"
ConflictKind = Literal[
    "two_accounts",  # two accounts of the directory carry one job number: neither is bound
    "second_account",  # the number's person has another account that is listed as well
    "other_number",  # the account is bound to somebody, and carries another one's number
    "other_department",  # directory and playbook name different departments
    "not_listed",  # the playbook names an account that the directory does not know
    "left_but_named",  # has left, and the playbook still counts on them
    "unknown_number",  # a number that nobody here has
    "no_number",  # no number and not bound
]
NAMED: Final = 20
QUIET: Final = frozenset({"unknown_number", "no_number", "left_but_named"})
"""Nobody's mistake, or told when it happened: shown when asked for, never pushed."""


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One thing that IT should look at: job number and name of ours, accounts (or names) of theirs."""

    kind: ConflictKind
    number: str = ""
    name: str = ""
    theirs: tuple[str, ...] = ()
    count: int = 0

    @property
    def key(self) -> str:
        """What is told once."""
        return "|".join((self.kind, self.number, *sorted(self.theirs)))


@dataclass(kw_only=True)
class Plan:
    """What is to be done; accounts and people by our ids."""

    hired: list[tuple[Member, str]] = field(default_factory=list)  # new people, with their job number
    bound: list[tuple[Member, int]] = field(default_factory=list)  # new accounts of people we know
    rebound: list[tuple[int, int]] = field(default_factory=list)  # accounts whose number was corrected
    seen: list[int] = field(default_factory=list)  # accounts that are listed from now on
    back: list[int] = field(default_factory=list)  # people who had left
    moved: list[tuple[int, str, str]] = field(default_factory=list)  # people: name and department
    gone: list[int] = field(default_factory=list)  # accounts that are listed no more
    conflicts: list[Conflict] = field(default_factory=list)


def job_number(member: Member, *, platform: str, rule: DirectoryRule) -> str:
    """Return the job number that a member carries, as the playbook says where it stands."""
    if platform == "dingtalk":
        return member.employee_no.strip()
    places = {
        "userid": member.user_id,
        "alias": member.alias,
        "position": member.title,
        "extattr": member.extra.get(rule.wecom_field, ""),
    }
    return places[rule.wecom_number].strip()


def plan(
    directory: Directory,
    *,
    platform: str,
    accounts: Sequence[KnownAccount],
    people: Sequence[KnownPerson],
    playbook: Playbook,
    whole: bool = True,
) -> Plan:
    """Compare a directory with what we know; `whole`: it is all there is, so who is missing has gone."""
    made = _Planner(
        directory, platform=platform, accounts=accounts, people=people, playbook=playbook, whole=whole
    )
    made.compare()
    if whole:
        made.miss()
    return made.plan


class _Planner:
    def __init__(
        self,
        directory: Directory,
        *,
        platform: str,
        accounts: Sequence[KnownAccount],
        people: Sequence[KnownPerson],
        playbook: Playbook,
        whole: bool,
    ) -> None:
        self.plan = Plan()
        self._directory, self._platform, self._playbook = directory, platform, playbook
        self._rule = playbook.directory
        self._members = {it.user_id: it for it in directory.people if it.active}
        self._accounts = {it.user_id: it for it in accounts}
        self._people = {it.id: it for it in people}
        self._by_number = {it.job_number.casefold(): it for it in people}
        self._claims = self._claimed()
        self._has = self._listed_owners(whole=whole)

    def _number(self, member: Member) -> str:
        return job_number(member, platform=self._platform, rule=self._rule)

    def _claimed(self) -> Mapping[str, list[str]]:
        """Return the accounts that carry each number."""
        claims: dict[str, list[str]] = defaultdict(list)
        for member in self._members.values():
            if number := self._number(member):
                claims[number.casefold()].append(member.user_id)
        return claims

    def _listed_owners(self, *, whole: bool) -> Mapping[int, str]:
        """Return the people who have an account in the directory already, with that account.

        Where only a part of it was read, what it listed the last time counts too.
        """
        return {
            it.person_id: it.user_id
            for it in self._accounts.values()
            if it.user_id in self._members or (not whole and it.active and it.listed)
        }

    def compare(self) -> None:
        """Go through everybody who is listed."""
        for member in self._members.values():
            number = self._number(member)
            person = self._by_number.get(number.casefold()) if number else None
            account = self._accounts.get(member.user_id)
            if account is not None:
                self._bound_already(member, account, person)
            elif person is not None:
                self._claims_person(member, person)
            else:
                self._nobody(member, number)
        self._tell_strangers()

    def _bound_already(self, member: Member, account: KnownAccount, person: KnownPerson | None) -> None:
        owner = self._people[account.person_id]
        if person is not None and person.id != owner.id:
            owner = self._other_number(account, owner, person)
        if not (account.active and account.listed):
            self.plan.seen.append(account.id)
        if not owner.active:
            self.plan.back.append(owner.id)
        self._place(member, owner)

    def _other_number(self, account: KnownAccount, owner: KnownPerson, person: KnownPerson) -> KnownPerson:
        """A corrected number moves what the directory bound itself, never what a leader confirmed."""
        alone = len(self._claims[person.job_number.casefold()]) == 1
        if account.how == BY_DIRECTORY and alone and person.id not in self._has:
            self.plan.rebound.append((account.id, person.id))
            return person
        self._conflict("other_number", owner, account.user_id, person.job_number)
        return owner

    def _claims_person(self, member: Member, person: KnownPerson) -> None:
        rivals = self._claims[person.job_number.casefold()]
        other = self._has.get(person.id)
        if other is not None:
            self._conflict("second_account", person, member.user_id, other)
        elif len(rivals) > 1:
            self._conflict("two_accounts", person, *rivals)
        else:
            self.plan.bound.append((member, person.id))
            if not person.active:
                self.plan.back.append(person.id)
            self._place(member, person)

    def _conflict(self, kind: ConflictKind, person: KnownPerson, *theirs: str) -> None:
        found = Conflict(
            kind=kind,
            number=person.job_number,
            name=person.name,
            theirs=tuple(sorted(theirs)),
            count=len(theirs),
        )
        if found not in self.plan.conflicts:
            self.plan.conflicts.append(found)

    def _nobody(self, member: Member, number: str) -> None:
        if number and self._rule.default_role and len(self._claims[number.casefold()]) == 1:
            self.plan.hired.append((member, number))

    def _tell_strangers(self) -> None:
        """Name those whom we do not know, in one line of each kind."""
        hired = {member.user_id for member, _ in self.plan.hired}
        unknown: dict[ConflictKind, list[str]] = {"unknown_number": [], "no_number": []}
        for member in self._members.values():
            number = self._number(member)
            known = member.user_id in self._accounts or number.casefold() in self._by_number
            if not known and member.user_id not in hired:
                unknown["unknown_number" if number else "no_number"].append(_called(member, number))
        for kind, names in unknown.items():
            if names:
                some = tuple(names[:NAMED])
                self.plan.conflicts.append(Conflict(kind=kind, theirs=some, count=len(names)))

    def _place(self, member: Member, person: KnownPerson) -> None:
        """Where the person works: the playbook's word stands, for others the directory's."""
        known = bool(self._directory.departments)  # an account that was read alone comes without
        department = self._department(member) if known else person.department
        rule = self._playbook.people_by_number.get(person.job_number)
        if rule is None:
            name = member.name or person.name
            if (name, department) != (person.name, person.department):
                self.plan.moved.append((person.id, name, department))
        elif department and rule.department and department != rule.department:
            theirs = self._playbook.department(department).name
            self._conflict("other_department", person, theirs)

    def _department(self, member: Member) -> str:
        return department_of(self._playbook, self._directory.department_names(member))

    def miss(self) -> None:
        """Go through everybody who should be listed: who is not has gone, or never was there."""
        for account in self._accounts.values():
            if account.user_id not in self._members and account.active and account.listed:
                self.plan.gone.append(account.id)
        for person in self._people.values():
            rule = self._playbook.people_by_number.get(person.job_number)
            if rule is None:
                continue
            if not person.active and person.id not in self.plan.back:
                self._conflict("left_but_named", person)
            self._not_listed(person, rule.account(self._platform) or "")

    def _not_listed(self, person: KnownPerson, named: str) -> None:
        account = self._accounts.get(named) or self._accounts.get(named.lower())
        if account and account.active and not account.listed and account.user_id not in self._members:
            self._conflict("not_listed", person, account.user_id)


def department_of(playbook: Playbook, names: Iterable[str]) -> str:
    """Return the code of the first of these departments that the playbook knows by any word, or nothing."""
    found = (playbook.departments_by_word.get(name) for name in names)
    return next((unit.code for unit in found if unit), "")


def _called(member: Member, number: str) -> str:
    return " ".join(filter(None, (number, member.name))) or member.user_id
