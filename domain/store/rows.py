"""The rows that every message writes, as compiled Core statements batched for a whole group."""

from typing import Any, Final

from sqlalchemy import Connection

from domain.models.columns import Base
from domain.models.journal import ChatLane, Event, EventSubject, Inbox, Outbox
from domain.store.prepared import PreparedInsert
from domain.store.together import MOST, PreparedTogether

Row = dict[str, Any]

IGNORE_REPEATS: Final = {
    "inbox": ("platform", "tenant", "message_id"),
    "outbox": ("dedup_key",),
    "chat_lane": ("chat_key",),
}
"""The keys by which a row is the same one again; an id that is taken is an error, never a lost message."""

INSERTS: Final = {
    name: PreparedInsert(Base.metadata.tables[name], same=IGNORE_REPEATS.get(name, ()))
    for name in (it.__tablename__ for it in (ChatLane, Inbox, Event, EventSubject, Outbox))
}
"""In the order of insertion."""
TOGETHER: Final = PreparedTogether(
    {name: Base.metadata.tables[name] for name in INSERTS}, same=IGNORE_REPEATS
)


class Batch:
    """Rows waiting for an insert, table by table."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {name: [] for name in INSERTS}
        self._chats: set[str] = set()

    def add(self, table: str, row: Row) -> None:
        """Queue a row; every row of one table names the same columns."""
        self.tables[table].append(row)
        if table == "inbox":
            self._chats.add(row["chat_key"])

    def extend(self, other: "Batch") -> None:
        """Take over another batch's rows, in order."""
        for name, rows in other.tables.items():
            self.tables[name] += rows
        self._chats |= other._chats  # noqa: SLF001 (another of the same class)

    def clear(self) -> None:
        """Forget everything queued."""
        for rows in self.tables.values():
            rows.clear()
        self._chats.clear()

    def __bool__(self) -> bool:
        return any(self.tables.values())

    def concerns(self, chat: str | None) -> bool:
        """Say whether something was heard in this chat; without a chat, whether there is anything."""
        return chat in self._chats if chat else bool(self)

    def insert(self, connection: Connection) -> None:
        """Insert everything queued, and forget it."""
        count = sum(map(len, self.tables.values()))
        if connection.dialect.name == "postgresql" and 0 < count <= MOST:
            TOGETHER.run(connection, self.tables)
        else:
            self._by_table(connection)
        self.clear()

    def _by_table(self, connection: Connection) -> None:
        for name, rows in self.tables.items():
            if rows:
                INSERTS[name].run(connection, rows)
