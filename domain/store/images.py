"""Before and after: what an act changed, taken from the mapped objects themselves.

An image is {table: {id: {column: plain value}}}. State is the sum of the `after` images in event order.
"""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper, Session

from domain.models.columns import Base, plain

Image = dict[str, dict[str, dict[str, Any]]]
OUTSIDE = frozenset(
    {
        "inbox",
        "chat_lane",
        "event",
        "event_subject",
        "outbox",
        "dialogue",
        "job_fire",
        "lease",
        "rate_bucket",
        "setting",
    }
)
"""Tables of the machinery; everything else is state and may change only under an event."""


def _key(thing: Base) -> str:
    mapper: Mapper[Any] = inspect(type(thing))
    return "/".join(str(value) for value in mapper.primary_key_from_instance(thing))


def _columns(thing: Base) -> list[str]:
    return [attribute.key for attribute in inspect(type(thing)).column_attrs]


class Images:
    """Collects the pending changes of a session into one event's images."""

    def __init__(self) -> None:
        self.before: Image = {}
        self.after: Image = {}

    @property
    def touched(self) -> list[tuple[str, int]]:
        """Subjects (table, id) of everything that changed; tables keyed by text are left out."""
        return [(table, int(key)) for table, rows in self.after.items() for key in rows if key.isdecimal()]

    def collect(self, session: Session) -> "Images":
        """Flush, and note what was new and what was changed."""
        new = [thing for thing in session.new if thing.__tablename__ not in OUTSIDE]
        for thing in session.dirty:
            if thing.__tablename__ not in OUTSIDE:
                self._note_change(thing)
        session.flush()
        for thing in new:
            self._put(self.before, thing, {})
            self._put(self.after, thing, {name: plain(getattr(thing, name)) for name in _columns(thing)})
        return self

    def _note_change(self, thing: Base) -> None:
        state = inspect(thing)
        before, after = {}, {}
        for name in _columns(thing):
            history = state.attrs[name].history
            if history.has_changes():
                before[name] = plain(history.deleted[0]) if history.deleted else None
                after[name] = plain(history.added[0]) if history.added else None
        if after:
            self._put(self.before, thing, before)
            self._put(self.after, thing, after)

    @staticmethod
    def _put(image: Image, thing: Base, values: dict[str, Any]) -> None:
        image.setdefault(thing.__tablename__, {})[_key(thing)] = values


def unrecorded(session: Session) -> list[str]:
    """Name the state changes that no event owns: a bug of the action that made them."""
    pending = [*session.new, *(thing for thing in session.dirty if session.is_modified(thing))]
    return sorted({thing.__tablename__ for thing in pending if thing.__tablename__ not in OUTSIDE})
