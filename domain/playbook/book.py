"""The playbook as one frozen value: every section, and the look-ups the rest of the house needs."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.errors import NotFound
from domain.playbook.floor import FloorRule, FourEyes, TimerRule
from domain.playbook.kinds import Rule
from domain.playbook.permissions import DEFAULT_ROLES, granted
from domain.playbook.plant import Chat, Department, Equipment, Line, Operation, Person, Site, Station
from domain.playbook.rules import (
    AndonKind,
    Budget,
    Codes,
    Dialogue,
    Digest,
    DirectoryRule,
    Ladder,
    Limits,
    Reason,
    Role,
    Term,
)
from domain.playbook.shifts import CalendarYear, Leave, Rota, Shift

Thing = TypeVar("Thing")


class Playbook(Rule):
    """工厂自己的规则。"""

    site: Site = Field(description="工厂")
    departments: tuple[Department, ...] = Field(min_length=1, description="部门")
    people: tuple[Person, ...] = Field(min_length=1, description="人员")
    chats: tuple[Chat, ...] = Field(default=(), description="群")
    roles: tuple[Role, ...] = Field(default=(), description="角色；不写就用默认的，同名的替换默认的")
    lines: tuple[Line, ...] = Field(default=(), description="产线")
    stations: tuple[Station, ...] = Field(default=(), description="工位")
    equipment: tuple[Equipment, ...] = Field(default=(), description="设备")
    operations: tuple[Operation, ...] = Field(default=(), description="工序")
    shifts: tuple[Shift, ...] = Field(default=(), description="班次")
    rota: tuple[Rota, ...] = Field(default=(), description="排班")
    leave: tuple[Leave, ...] = Field(default=(), description="请假和代班")
    calendar: tuple[CalendarYear, ...] = Field(default=(), description="放假和调休，一年一项")
    andon_kinds: tuple[AndonKind, ...] = Field(default=(), description="异常种类")
    ladders: tuple[Ladder, ...] = Field(default=(), description="升级路线")
    reasons: tuple[Reason, ...] = Field(default=(), description="原因代码")
    floor: FloorRule = Field(default=FloorRule(), description="上岗、交班、报工的原因")
    approvals: FourEyes = Field(default=FourEyes(), description="四只眼：什么要另一个人批准")
    timers: tuple[TimerRule, ...] = Field(default=(), description="计时：锡膏、湿敏器件、烘烤、水洗")
    codes: Codes = Field(default=Codes(), description="编号的写法")
    glossary: tuple[Term, ...] = Field(default=(), description="词汇表")
    digests: tuple[Digest, ...] = Field(default=(), description="站会提要和日报")
    limits: Limits = Field(default=Limits(), description="界限")
    dialogue: Dialogue = Field(default=Dialogue(), description="对话和撤销")
    directory: DirectoryRule = Field(default=DirectoryRule(), description="通讯录")
    budgets: tuple[Budget, ...] = Field(default=(), description="发送预算")

    @cached_property
    def version(self) -> str:
        """Hash of the rules themselves (12 hex digits); comments and layout do not change it."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.site.timezone)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy with changes that are already models (not validated); look-ups and version are made anew."""
        copy = super().model_copy(update=update, deep=deep)
        for name in set(copy.__dict__) - set(type(self).model_fields):
            del copy.__dict__[name]
        return copy

    def person(self, number: str) -> Person:
        """Return who has this job number; raises NotFound."""
        return _found(self.people_by_number, "person", number)

    def account_owner(self, platform: str, account: str) -> Person | None:
        """Return whose platform account this is according to the playbook."""
        return self.people_by_account.get((platform, account))

    def department(self, word: str) -> Department:
        """Return the department with this code, name or alias; raises NotFound."""
        return _found(self.departments_by_word, "department", word)

    def members(self, department: str) -> tuple[Person, ...]:
        """Everyone of the department with this code."""
        return tuple(person for person in self.people if person.department == department)

    def chat(self, code: str) -> Chat:
        """Return the chat with this code; raises NotFound."""
        return _found({chat.code: chat for chat in self.chats}, "chat", code)

    def shift(self, code: str) -> Shift:
        """Return the shift with this code; raises NotFound."""
        return _found({shift.code: shift for shift in self.shifts}, "shift", code)

    def line(self, code: str) -> Line:
        """Return the line with this code; raises NotFound."""
        return _found({line.code: line for line in self.lines}, "line", code)

    def station(self, code: str) -> Station:
        """Return the station with this code; raises NotFound."""
        return _found({station.code: station for station in self.stations}, "station", code)

    def operation(self, word: str) -> Operation:
        """Return the operation with this code, name or alias; raises NotFound."""
        return _found(self.operations_by_word, "operation", word)

    def andon_kind(self, word: str) -> AndonKind:
        """Return the andon kind with this code, name or other word; raises NotFound."""
        return _found(self.andon_kinds_by_word, "andon_kind", word)

    def andon_kind_or_none(self, code: str) -> AndonKind | None:
        """Return the kind of an andon that stands, None where the playbook has dropped or renamed it."""
        return self.andon_kinds_by_word.get(code)

    def ladder(self, code: str) -> Ladder:
        """Return the ladder with this code; raises NotFound."""
        return _found({ladder.code: ladder for ladder in self.ladders}, "ladder", code)

    def role(self, code: str) -> Role:
        """Return the role with this code, the plant's own before the default; raises NotFound."""
        return _found(self.all_roles, "role", code)

    def permissions_of(self, number: str) -> frozenset[str]:
        """Everything the roles of this person permit; nothing for somebody who is not in the playbook."""
        person = self.people_by_number.get(number)
        return (
            frozenset().union(*(self.role_permissions[code] for code in person.roles))
            if person
            else frozenset()
        )

    def roles_with(self, permission: str) -> tuple[Role, ...]:
        """Every role that includes the permission: what a refusal names."""
        return tuple(
            role for role in self.all_roles.values() if permission in self.role_permissions[role.code]
        )

    def terms(self, kind: str) -> dict[str, str]:
        """Every alias of this kind -> the name the system uses."""
        return {alias: term.name for term in self.glossary if term.kind == kind for alias in term.aliases}

    def budget(self, platform: str) -> Budget | None:
        """Return the sending budget of a platform, None if the playbook sets none."""
        return next((budget for budget in self.budgets if budget.platform == platform), None)

    @cached_property
    def people_by_number(self) -> dict[str, Person]:
        """Job number -> person."""
        return {person.id: person for person in self.people}

    @cached_property
    def people_by_account(self) -> dict[tuple[str, str], Person]:
        """(platform, account) -> person."""
        return {
            (platform, account): person
            for person in self.people
            for platform in ("dingtalk", "wecom")
            if (account := person.account(platform))
        }

    @cached_property
    def departments_by_word(self) -> dict[str, Department]:
        """Code, name and aliases -> department."""
        return {word: it for it in self.departments for word in (it.code, it.name, *it.aliases)}

    @cached_property
    def operations_by_word(self) -> dict[str, Operation]:
        """Code, name and aliases -> operation."""
        return {word: it for it in self.operations for word in (it.code, it.name, *it.aliases)}

    @cached_property
    def andon_kinds_by_word(self) -> dict[str, AndonKind]:
        """Code, name and words -> andon kind."""
        return {word: it for it in self.andon_kinds for word in (it.code, it.name, *it.words)}

    @cached_property
    def timers_by_word(self) -> dict[str, TimerRule]:
        """Code, name and aliases -> kind of timer."""
        return {word: it for it in self.timers for word in (it.code, it.name, *it.aliases)}

    def timer(self, word: str) -> TimerRule:
        """Return the kind of timer with this code, name or alias; raises NotFound."""
        return _found(self.timers_by_word, "timer", word)

    def reasons_of(self, *kinds: str) -> tuple[Reason, ...]:
        """Return the reasons of these kinds (scrap, rework, pause, …), in the plant's order."""
        return tuple(it for it in self.reasons if it.kind in kinds)

    @cached_property
    def all_roles(self) -> dict[str, Role]:
        """Code -> role, the default roles included."""
        return {role.code: role for role in (*DEFAULT_ROLES, *self.roles)}

    @cached_property
    def role_permissions(self) -> dict[str, frozenset[str]]:
        """Code of a role -> its permissions, patterns spelt out."""
        return {code: granted(role.permissions) for code, role in self.all_roles.items()}


def _found(things: Mapping[str, Thing], kind: str, word: str) -> Thing:
    if word not in things:
        raise NotFound(kind=kind, code_text=word)
    return things[word]
