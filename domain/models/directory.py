"""What a platform's directory says, as plain frozen values: departments and members, nothing of the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ChangeKind = Literal["left", "changed", "departments"]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A department as a platform has it; `parent` is empty at the top, `name` where none is given."""

    id: str
    name: str = ""
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One account of the directory; what the platform does not give is empty.

    `employee_no` is its field for the job number (DingTalk's `job_number`; WeCom has none), `extra` further
    fields by their name. Not `active`: disabled, or has left the organisation while still being listed.
    """

    user_id: str
    name: str = ""
    employee_no: str = ""
    departments: tuple[str, ...] = ()
    leader: bool = False
    active: bool = True
    title: str = ""
    alias: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Directory:
    """All that we may see of one platform's directory, read whole: a reader that misses a page raises."""

    departments: tuple[Unit, ...] = ()
    people: tuple[Member, ...] = ()

    def department_names(self, member: Member) -> tuple[str, ...]:
        """Return the names of a member's departments, each followed by those above it."""
        units = {unit.id: unit for unit in self.departments}
        names: list[str] = []
        for department in member.departments:
            above, seen = department, set[str]()
            while above in units and above not in seen:
                seen.add(above)
                names.append(units[above].name)
                above = units[above].parent
        return tuple(filter(None, names))


@dataclass(frozen=True, kw_only=True)
class DirectoryChange:
    """What an event says: these accounts have left, or are to be read again; or departments have changed."""

    kind: ChangeKind
    user_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class KnownAccount:
    """An account of ours on the platform that is being compared."""

    id: int
    user_id: str
    person_id: int
    active: bool
    listed: bool
    how: str


@dataclass(frozen=True, kw_only=True)
class KnownPerson:
    """A person of ours."""

    id: int
    job_number: str
    name: str
    department: str
    active: bool
