"""How the directories stand: when each was read, what it says that we do not, who waits to be confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.models.people import Account, Person
from domain.store import directory as store
from domain.work import Work


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The last reading of one platform's directory; `at` None: there was none yet."""

    platform: str
    at: datetime | None
    people: int
    departments: int
    error: str
    conflicts: Sequence[Mapping[str, Any]]
    pending: Sequence[str]
    code: str


def standings(work: Work) -> Sequence[Standing]:
    """Return how every directory that the playbook wants stands."""
    return [_standing(work, platform) for platform in work.playbook.directory.platforms]


def _standing(work: Work, platform: str) -> Standing:
    stood = store.standing(work, platform=platform)
    return Standing(
        platform=platform,
        at=datetime.fromisoformat(stood["at"]) if "at" in stood else None,
        people=stood.get("people", 0),
        departments=stood.get("departments", 0),
        error=stood.get("error", ""),
        conflicts=stood.get("conflicts", ()),
        pending=_names(work, platform, stood.get("pending", ())),
        code=stood.get("code", ""),
    )


def _names(work: Work, platform: str, user_ids: Sequence[str]) -> Sequence[str]:
    query = (
        select(Person.job_number, Person.name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.site_id == work.site_id, Account.platform == platform, Account.user_id.in_(user_ids))
    )
    return [f"{number} {name}" for number, name in work.session.execute(query.order_by(Person.job_number))]
