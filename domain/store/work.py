"""The office's own `Work`: a session, a clock reading, an actor, and the rows that wait for the batch."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from domain.ids import IdMaker
from domain.models.columns import plain
from domain.playbook import Playbook
from domain.store.faults import may_retry
from domain.store.images import Images, RecordingSession, Sessions
from domain.store.rows import Batch
from domain.store.savepoint import Half
from domain.work import HOUSE, Actor, Attempt, Happened, Work

T = TypeVar("T")


class UnrecordedChange(Exception):
    """A job changed state without an event: a bug, never a refusal."""


class EarlierRows(BaseException):  # passes whoever catches what a job raises: the job has not failed
    """Earlier jobs' rows must be inserted first: the office does so and runs the job again."""


class ReadOnlyWork(Exception):
    """A job that was declared `reads=True` tried to write: a bug."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What every job of an office shares at one moment."""

    playbook: Playbook
    site_id: int
    now: datetime
    new_id: IdMaker


class StoreWork:
    """One transaction in the hands of one job."""

    def __init__(
        self,
        connection: Connection,
        setting: Setting,
        *,
        sessions: Sessions,
        earlier: Batch | None = None,
        before_change: Callable[[], None] | None = None,
        read_only: bool = False,
    ) -> None:
        self.connection = connection
        self._setting = setting
        self._sessions = sessions
        self._recording: RecordingSession | None = None
        self._before_change = before_change
        self.now = setting.now
        self.playbook = setting.playbook
        self.site_id = setting.site_id
        self.actor: Actor = HOUSE
        self.message: int | None = None
        self.heard_in = ""
        self.server_clock: tuple[datetime, float] | None = None
        self.has_mail = False
        self._new_id = setting.new_id
        self.rows = Batch()
        self._earlier = earlier
        self._read_only = read_only
        self._happened: list[Happened] = []

    @property
    def session(self) -> RecordingSession:
        """The mapped objects of this job; many jobs have none, and need no session."""
        if self._recording is None:
            self.will_change()
            self._recording = self._sessions.take()
        return self._recording

    def will_change(self) -> None:
        """Let the office set a savepoint, if it has not; a job that only queues rows needs none."""
        if self._before_change:
            self._before_change()
            self._before_change = None

    @property
    def happened(self) -> Sequence[Happened]:
        """The events of this job so far."""
        return self._happened

    def new_id(self, *, after: int = 0) -> int:
        """Return a fresh time-ordered id, above `after`."""
        return self._new_id(after=after)

    def record(
        self,
        event_type: str,
        *,
        data: dict[str, Any] | None = None,
        about: Sequence[tuple[str, int]] = (),
        occurred_at: datetime | None = None,
        void_of: int | None = None,
    ) -> Happened:
        """Write an event that owns every change made to mapped objects since the last one."""
        images = self.session.take_images()
        changed = images.touched
        where = {"equipment": self.actor.equipment} if self.actor.equipment else {}
        happened = Happened(
            id=self.new_id(),
            type=event_type,
            actor=self.actor,
            at=occurred_at or self.now,
            data={name: plain(value) for name, value in {**where, **(data or {})}.items()},
            subjects=(*changed, *(subject for subject in about if subject not in changed)),
            void_of=void_of,
        )
        self._queue(happened, images, changed=set(changed))
        self._happened.append(happened)
        return happened

    def _queue(self, happened: Happened, images: Images, *, changed: set[tuple[str, int]]) -> None:
        self.add_row(
            "event",
            {
                "id": happened.id,
                "site_id": self.site_id,
                "type": happened.type,
                "actor_id": self.actor.person_id,
                "department": self.actor.department,
                "place": self.actor.place,
                "message": self.message,
                "occurred_at": happened.at,
                "recorded_at": self.now,
                "data": happened.data,
                "before": images.before,
                "after": images.after,
                "void_of": happened.void_of,
            },
        )
        for kind, ref in happened.subjects:
            row = {"kind": kind, "ref": ref, "event_id": happened.id, "changed": (kind, ref) in changed}
            self.add_row("event_subject", row)

    def add_row(self, table: str, row: dict[str, Any]) -> None:
        """Queue a row of the machinery for the group's batched insert."""
        if self._read_only:
            raise ReadOnlyWork(table)
        self.rows.add(table, row)

    def attempt(self, job: Callable[[Work], T], *, after_rows: bool = True) -> Attempt[T]:
        """Run a job as a work of its own; see the protocol."""
        self.will_change()
        if after_rows:
            self.rows.insert(self.connection)
        half = Half(self.connection)
        try:
            with half, closing(self._within()) as work:
                result = job(work)
                work.finish()
        except Exception as error:
            if half.is_lost or may_retry(error):
                raise
            return Attempt(error=error)
        self.rows.extend(work.rows)
        return Attempt(result=result)

    def _within(self) -> "StoreWork":
        return StoreWork(self.connection, self._setting, sessions=self._sessions, earlier=self._earlier)

    def see_rows(self, *, chat: str | None = None) -> None:
        """Make queued rows visible to the next query of this job; raises EarlierRows to the office."""
        if self._earlier and self._earlier.concerns(chat):
            raise EarlierRows
        if self.rows and self.rows.concerns(chat):
            self.session.flush()  # which has set the savepoint
            self.rows.insert(self.connection)

    def finish(self) -> None:
        """Flush; raises UnrecordedChange if state changed without an event."""
        if self._recording and (stray := self._recording.unrecorded()):
            raise UnrecordedChange(", ".join(stray))

    def close(self) -> None:
        """Let go of the mapped objects; the transaction goes on."""
        if self._recording:
            self._sessions.give_back(self._recording)
