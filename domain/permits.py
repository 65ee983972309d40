"""Who may do what: decided here for chat, pages, API and command line alike. Default deny."""

from typing import Final

from domain.duty import on_duty
from domain.errors import NotPermitted, NotYourOwn
from domain.playbook import Playbook
from domain.work import Actor, Work

NARROWER: Final[dict[str, str]] = {"work.report": "work.report_own"}
"""What lets some do a part of it: the act itself looks at which part."""


def may(actor: Actor, permission: str, *, playbook: Playbook) -> bool:
    """Say whether a role of the actor grants the permission, or a part of it; the house may do anything."""
    wanted = {permission, NARROWER.get(permission, permission)}
    return actor.is_house if _is_nobody(actor) else not wanted.isdisjoint(_granted(actor, playbook))


def may_report(work: Work, *, department: str) -> bool:
    """Say whether the actor may report operations of this department (code): all, or those of their own."""
    actor, playbook = work.actor, work.playbook
    granted = _granted(actor, playbook)
    if _is_nobody(actor) or "work.report" in granted:
        return actor.is_house or "work.report" in granted
    rule = playbook.people_by_number.get(actor.job_number)
    return "work.report_own" in granted and rule is not None and rule.department == department


def _is_nobody(actor: Actor) -> bool:
    return actor.person_id is None and not actor.roles


def _granted(actor: Actor, playbook: Playbook) -> frozenset[str]:
    by_role = playbook.role_permissions
    return frozenset().union(*(by_role.get(role, frozenset()) for role in actor.roles))


def require(work: Work, permission: str) -> None:
    """Let the actor pass, or raise NotPermitted with the names of the roles that may."""
    if not may(work.actor, permission, playbook=work.playbook):
        raise NotPermitted(permission=permission, who=who_may(work, permission))


def who_may(work: Work, permission: str) -> str:
    """Name who can do it instead: who is on duty in the departments of that trade, else three roles."""
    departments = departments_of(work.playbook, permission)
    few = departments if len(departments) <= MOST_DEPARTMENTS else ()
    named = [name for it in few for name in _on_duty_for(work, permission, department=it)]
    return "、".join(named or [role.name for role in work.playbook.roles_with(permission)[:MOST_ROLES]])


def _on_duty_for(work: Work, permission: str, *, department: str) -> list[str]:
    """Return the first who is on duty there and may; nobody where nobody is."""
    playbook = work.playbook
    for number in on_duty(playbook, department=department, at=work.now):
        person = playbook.people_by_number.get(number)
        if person and any(permission in playbook.role_permissions[role] for role in person.roles):
            return [f"{person.name}（{playbook.department(department).name}）"]
    return []


MOST_DEPARTMENTS: Final = 2
MOST_ROLES: Final = 3
LEADING: Final = frozenset({"team_leader", "department_head", "manager", "admin", "engineer"})
"""Roles that may do many things without being of the trade."""


def departments_of(playbook: Playbook, permission: str) -> tuple[str, ...]:
    """Return the codes of the departments whose people's own trade this is."""
    trades = {role.code for role in playbook.roles_with(permission)} - LEADING
    return tuple(
        sorted({it.department for it in playbook.people if it.department and trades & set(it.roles)})
    )


def not_own(work: Work, *, person_id: int | None, thing: str) -> None:
    """Refuse who would approve their own act; raises NotYourOwn."""
    if person_id is not None and person_id == work.actor.person_id:
        raise NotYourOwn(thing=thing)
