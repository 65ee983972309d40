"""Before and after: what an act changed, taken from the mapped objects themselves.

An image is {table: {id: {column: plain value}}}. State is the sum of the `after` images in event order.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.base import NO_VALUE

from domain.models.columns import Base, plain
from domain.models.journal import MACHINERY
from domain.store.mapped import is_simple, write_back

Image = dict[str, dict[str, dict[str, Any]]]


def _key(thing: Base) -> str:
    return "/".join(str(value) for value in thing.__mapper__.primary_key_from_instance(thing))


def _columns(thing: Base) -> list[str]:
    return [attribute.key for attribute in thing.__mapper__.column_attrs]


class Images:
    """The changes of one event: what stood before, what stands after."""

    def __init__(self) -> None:
        self.before: Image = {}
        self.after: Image = {}

    @property
    def touched(self) -> list[tuple[str, int]]:
        """Subjects (table, id) of everything that changed; tables keyed by text are left out."""
        return [(table, int(key)) for table, rows in self.after.items() for key in rows if key.isdecimal()]

    def note_new(self, thing: Base) -> None:
        """Note a row that has just been inserted."""
        self._put(thing, before={}, after={name: plain(getattr(thing, name)) for name in _columns(thing)})

    def note_rows(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Note rows that are about to be inserted as they are; each names every column that is stored."""
        before, after = self.before.setdefault(table, {}), self.after.setdefault(table, {})
        for row in rows:
            key = str(row["id"])
            before[key] = {}
            after[key] = {name: plain(value) for name, value in row.items()}

    def note_change(self, thing: Base) -> Collection[str]:
        """Note the columns of a row that are about to be updated; returns their names."""
        state = instance_state(thing)
        before, after = {}, {}
        for name, stood in state.committed_state.items():  # what has been assigned to since it was loaded
            if stood != (stands := state.dict.get(name)):
                before[name] = None if stood is NO_VALUE else plain(stood)
                after[name] = plain(stands)
        if after:
            self._put(thing, before=before, after=after)
        return after.keys()

    def _put(self, thing: Base, *, before: dict[str, Any], after: dict[str, Any]) -> None:
        table, key = thing.__tablename__, _key(thing)
        stood = self.before.setdefault(table, {})
        if key not in stood:
            stood[key] = before
        elif stood[key]:  # changed twice in one act: what stood before the first change counts
            stood[key] = {**before, **stood[key]}
        self.after.setdefault(table, {}).setdefault(key, {}).update(after)


class RecordingSession(Session):
    """A session whose every flush leaves its changes in `images`, until an event takes them over."""

    def __init__(self, connection: Connection) -> None:
        # The office ends the transaction; a flush that fails may only roll it back.
        super().__init__(
            connection, autoflush=False, expire_on_commit=False, join_transaction_mode="rollback_only"
        )
        self.images = Images()

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Note the changes of state, then write them."""
        if self._is_clean():
            return
        new = [thing for thing in self.new if thing.__tablename__ not in MACHINERY]
        alone = not self.new and not self.deleted  # updates alone need no unit of work to order them
        changed = []
        for thing in self.dirty:
            if thing.__tablename__ not in MACHINERY:
                names = self.images.note_change(thing)
                if alone and is_simple(thing.__class__):
                    changed.append((thing, names))
        write_back(self, changed)
        super().flush(objects)
        for thing in new:
            self.images.note_new(thing)

    def take_images(self) -> Images:
        """Flush, and hand the changes since the last time to the event that owns them."""
        self.flush()
        images, self.images = self.images, Images()
        return images

    def forget(self) -> None:
        """Let go of every object, to begin anew in the same transaction."""
        self.expunge_all()
        self.images = Images()

    @property
    def has_joined(self) -> bool:
        """Whether it takes part in the connection's transaction: prepared statements do without."""
        begun = self.get_transaction()
        return begun is not None and bool(begun._connections)  # noqa: SLF001 (asked nowhere else)

    def unrecorded(self) -> list[str]:
        """Name the tables whose changes no event owns: a bug of the action that made them."""
        self.flush()
        return sorted(self.images.after)


class Sessions:
    """The sessions of one connection, over all its transactions: what one job has let go of, the next takes.

    To make a session and to close it takes as long as to read an order with its operations.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._free: list[RecordingSession] = []

    def take(self) -> RecordingSession:
        """Return a session without objects, to be given back when its job is over."""
        return self._free.pop() if self._free else RecordingSession(self._connection)

    def give_back(self, session: RecordingSession) -> None:
        """Let go of what a job had in its hands."""
        session.forget()
        self._free.append(session)

    def leave(self) -> None:
        """Take no more part in the transaction, which goes on; most have taken none."""
        for session in self._free:
            if session.has_joined:
                session.close()

    def close(self) -> None:
        """End them all; the transaction goes on."""
        for session in self._free:
            session.close()
