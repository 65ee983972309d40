"""Collects the rows of one stretch of the past: things and their changes, and the event that owns them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.load.shapes import Row, Shape
from domain.ids import EPOCH_MS
from domain.models.columns import plain
from domain.models.container import Container
from domain.models.genealogy import Edge
from domain.models.journal import Event, EventSubject, Inbox
from domain.models.lot import Lot
from domain.models.unit import Unit, UnitStep
from domain.models.work_order import OperationTask, WorkOrder

TABLES: Final = tuple(
    kind.__tablename__
    for kind in (Inbox, WorkOrder, OperationTask, Lot, Unit, UnitStep, Container, Edge, Event, EventSubject)
)
"""In the order in which they are put in."""
MILLISECOND: Final = timedelta(milliseconds=1)
EPOCH: Final = datetime.fromtimestamp(EPOCH_MS / 1000, UTC)
PER_MILLISECOND: Final = 4096

Leaves = dict[str, list[tuple[Any, ...]]]
Change = tuple[str, int, Row, Row]
"""Table, id, what stood before ({}: it is new), what stands after."""


class Collector:
    """Makes ids of its own stretch of time and node, and keeps things until they are written at the end.

    A thing that changes is one row: `change` brings its row and the event's image up to date together.
    """

    def __init__(self, shapes: dict[str, Shape], *, site: int, node: int) -> None:
        self._shapes = shapes
        self._site = site
        self._node = node << 12
        self._milliseconds = self._sequence = 0
        self.at = EPOCH
        self.actor = 0
        self.department = self.place = ""
        self.message: int | None = None
        self._things: dict[str, dict[int, Row]] = {name: {} for name in TABLES}
        self._written: Leaves = {"event": [], "event_subject": [], "inbox": []}

    def go_to(self, at: datetime) -> None:
        """Move on to a later moment."""
        self.at = at
        self._milliseconds = max(self._milliseconds, (at - EPOCH) // MILLISECOND)

    def new_id(self) -> int:
        """Return the next id of this moment."""
        self._sequence += 1
        if self._sequence == PER_MILLISECOND:
            self._sequence, self._milliseconds = 0, self._milliseconds + 1
        return (self._milliseconds << 22) | self._node | self._sequence

    def hear(self, text: str, *, chat: str) -> None:
        """Journal the message that the next events come from."""
        self.message = self.new_id()
        row = {
            "id": self.message,
            "platform": "wecom",
            "tenant": "load",
            "message_id": str(self.message),
            "chat_key": chat,
            "state": "done",
            "payload": {"text": text},
            "received_at": self.at,
            "person_id": self.actor,
            "done_at": self.at,
        }
        shape = self._shapes["inbox"]
        self._written["inbox"].append(shape.values(shape.whole(row)))

    def make(self, table: str, **row: Any) -> Change:
        """Make a thing; returns the change for its event."""
        shape = self._shapes[table]
        own = {"site_id": self._site} if "site_id" in shape.defaults else {}
        whole = shape.whole({**own, **row, "id": row.get("id") or self.new_id()})
        self._things[table][whole["id"]] = whole
        return table, whole["id"], {}, shape.image(whole)

    def change(self, table: str, ref: int, **to: Any) -> Change:
        """Change a thing; returns the change for its event."""
        row = self._things[table][ref]
        before = {name: plain(row[name]) for name in to}
        row.update(to)
        return table, ref, before, {name: plain(value) for name, value in to.items()}

    def look(self, table: str, ref: int) -> Row:
        """Return how a thing stands."""
        return self._things[table][ref]

    def record(
        self, event_type: str, changes: Iterable[Change], *, data: Row, about: Iterable[tuple[str, int]] = ()
    ) -> None:
        """Write the event that owns these changes."""
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        ref = self.new_id()
        subjects = self._written["event_subject"]
        touched = set()
        for table, thing, stood, stands in changes:
            before.setdefault(table, {})[str(thing)] = stood
            after.setdefault(table, {})[str(thing)] = stands
            touched.add((table, thing))
            subjects.append((table, thing, ref, True))
        subjects += [(kind, thing, ref, False) for kind, thing in about if (kind, thing) not in touched]
        row = {
            "id": ref,
            "site_id": self._site,
            "type": event_type,
            "actor_id": self.actor,
            "department": self.department,
            "place": self.place,
            "message": self.message,
            "occurred_at": self.at,
            "recorded_at": self.at,
            "data": data,
            "before": before,
            "after": after,
        }
        shape = self._shapes["event"]
        self._written["event"].append(shape.values(shape.whole(row)))

    def leaves(self) -> Leaves:
        """Return all rows, ready to be put."""
        for table, things in self._things.items():
            if things:
                shape = self._shapes[table]
                self._written[table] = [shape.values(row) for row in things.values()]
        return self._written
