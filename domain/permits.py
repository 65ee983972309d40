"""Who may do what: decided here for chat, pages, API and command line alike. Default deny."""

from typing import Final

from domain.duty import on_duty
from domain.errors import NotPermitted, NotYourOwn
from domain.playbook import Playbook
from domain.work import Actor, Work


def may(actor: Actor, permission: str, *, playbook: Playbook) -> bool:
    """Say whether one of the actor's roles grants the permission; the house itself may do anything."""
    if actor.person_id is None and not actor.roles:
        return actor.is_house
    granted = playbook.role_permissions
    return any(permission in granted.get(role, frozenset()) for role in actor.roles)


def require(work: Work, permission: str) -> None:
    """Let the actor pass, or raise NotPermitted with the names of the roles that may."""
    if not may(work.actor, permission, playbook=work.playbook):
        raise NotPermitted(permission=permission, who=who_may(work, permission))


def who_may(work: Work, permission: str) -> str:
    """Name who can do it instead: who is on duty in the one department of that trade, else three roles."""
    playbook = work.playbook
    departments = departments_of(playbook, permission)
    for department in departments if len(departments) == 1 else ():
        for number in on_duty(playbook, department=department, at=work.now):
            person = playbook.people_by_number.get(number)
            if person and any(permission in playbook.role_permissions[role] for role in person.roles):
                return f"{person.name}（{playbook.department(department).name}）"
    return "、".join(role.name for role in playbook.roles_with(permission)[:MOST_ROLES])


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
