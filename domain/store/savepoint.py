"""A job's own savepoint inside the transaction of a group, on SQLite."""

import sqlite3
from typing import Self, cast

from sqlalchemy import Connection


class Savepoint:
    """A savepoint that is set when a job first changes something, and takes it back if the job raises.

    Said to the driver: the session's own costs more than a whole statement (100 µs against 2).
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw, self._is_set = raw, False

    def set(self) -> None:
        """Keep what stands now; to be called before the first change."""
        self._raw.execute("SAVEPOINT job")
        self._is_set = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not self._is_set or (error is not None and not self._raw.in_transaction):
            return
        if error is not None:
            self._raw.execute("ROLLBACK TO job")
        self._raw.execute("RELEASE job")


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection behind SQLAlchemy's."""
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)
