"""What a job is handed: one transaction, one clock reading, one actor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from domain.playbook import Playbook

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: the originating person, never the bot on their behalf.

    `HOUSE` (timers, rules, imports) acts without a person; a stranger has neither person nor roles. `station`
    and `equipment` are of the open sign-on (上岗); `place` is that station, else the line of chat or person.
    """

    person_id: int | None = None
    job_number: str = ""
    name: str = "班长"
    department: str = ""
    roles: frozenset[str] = frozenset()
    place: str = ""
    station: str = ""
    equipment: str = ""
    is_house: bool = False


HOUSE = Actor(is_house=True)


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An event as the job that produced it sees it: what `notifier/announce.py` reads."""

    id: int
    type: str
    actor: Actor
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    subjects: tuple[tuple[str, int], ...] = ()
    void_of: int | None = None


@dataclass(frozen=True, kw_only=True)
class Attempt(Generic[T]):
    """What a job within a job returned, or what it raised and left nothing behind."""

    result: T | None = None
    error: Exception | None = None


class Work(Protocol):
    """One open transaction with its time, actor, playbook, and the events it has produced.

    `message` and `heard_in` are the inbox row and chat that asked for it, if one did; `server_clock` is the
    database's time as this job has read it, and the machine's monotonic seconds at that moment. `has_mail`
    says whether the job has queued something that is in no dispatcher's hands yet.
    Only the office makes, commits or rolls back a `Work`; actions take one, so they compose.
    """

    now: datetime
    actor: Actor
    playbook: Playbook
    site_id: int
    message: int | None
    heard_in: str
    server_clock: tuple[datetime, float] | None
    has_mail: bool

    @property
    def session(self) -> Session:
        """Mapped objects of this transaction; made when a job first asks for them."""
        ...

    @property
    def connection(self) -> Connection:
        """The transaction itself, for the store's prepared statements."""
        ...

    def will_change(self) -> None:
        """Say that rows are about to change, so that what a refused job did can be taken back."""
        ...

    @property
    def happened(self) -> Sequence[Happened]:
        """The events of this job so far."""
        ...

    def new_id(self, *, after: int = 0) -> int:
        """Return a fresh time-ordered id, above `after`, which may be another node's."""
        ...

    def record(
        self,
        event_type: str,
        *,
        data: dict[str, Any] | None = None,
        about: Sequence[tuple[str, int]] = (),
        occurred_at: datetime | None = None,
        void_of: int | None = None,
    ) -> Happened:
        """Write an event that owns every change made to mapped objects since the last one.

        `data` is JSON-able after `plain`; `about` are further (kind, id) subjects that did not change.
        """
        ...

    def add_row(self, table: str, row: dict[str, Any]) -> None:
        """Queue a row of `inbox`, `event`, `event_subject` or `outbox` for the group's batched insert."""
        ...

    def attempt(self, job: "Callable[[Work], T]", *, after_rows: bool = True) -> Attempt[T]:
        """Run a job as a work of its own in this transaction, unless told otherwise after what is queued.

        If it raises, what it did is taken back, and this work goes on. Raises what ends the whole transaction
        and what the office may try again.
        """
        ...

    def see_rows(self, *, chat: str | None = None) -> None:
        """Make queued rows visible to the next query of this job; `chat`: only what was heard there."""
        ...
