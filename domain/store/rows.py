"""The rows that every message writes, as compiled Core statements batched for a whole group."""

from typing import Any, Final

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from domain.models.columns import Base
from domain.models.journal import ChatLane, Event, EventSubject, Inbox, Outbox

Row = dict[str, Any]

BATCHED: Final[dict[str, Table]] = {
    model.__tablename__: Base.metadata.tables[model.__tablename__]
    for model in (ChatLane, Inbox, Event, EventSubject, Outbox)
}
"""In the order of insertion. A second inbox or outbox row with the same key is the same message: ignored."""

IGNORE_REPEATS: Final = {
    "inbox": ("platform", "tenant", "message_id"),
    "outbox": ("dedup_key",),
    "chat_lane": ("chat_key",),
}
"""The keys by which a row is the same one again; an id that is taken is an error, never a lost message."""


def _insert(table: Table, dialect: str) -> Insert:
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(table)
    key = IGNORE_REPEATS.get(table.name)
    return statement.on_conflict_do_nothing(index_elements=key) if key else statement


class Batch:
    """Rows waiting for an insert, table by table."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {name: [] for name in BATCHED}

    def add(self, table: str, row: Row) -> None:
        """Queue a row; every row of one table names the same columns."""
        self.tables[table].append(row)

    def extend(self, other: "Batch") -> None:
        """Take over another batch's rows, in order."""
        for name, rows in other.tables.items():
            self.tables[name].extend(rows)

    def clear(self) -> None:
        """Forget everything queued."""
        for rows in self.tables.values():
            rows.clear()

    def __bool__(self) -> bool:
        return any(self.tables.values())

    def insert(self, connection: Connection) -> None:
        """Insert everything queued, table by table, and forget it."""
        for name, rows in self.tables.items():
            if rows:
                connection.execute(_insert(BATCHED[name], connection.dialect.name), rows)
        self.clear()
