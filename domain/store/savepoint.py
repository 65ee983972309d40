"""Savepoints: of a job inside the transaction of a group, and of half a job inside that of a job."""

import sqlite3
from typing import Any, Final, Self, cast

from sqlalchemy import Connection

from domain.store.prepared import say

LONGEST_LOCK: Final = "1s"


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


class Half:
    """What may be taken back without the rest of its job, on either database.

    While it lasts, nobody on PostgreSQL is waited for longer than `LONGEST_LOCK`: the other half is wanted.
    `is_lost` says whether the whole transaction has ended with it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_shared = connection.dialect.name == "postgresql"
        self.is_lost = False

    def __enter__(self) -> Self:
        patience = f"; SET LOCAL lock_timeout = '{LONGEST_LOCK}'" if self._is_shared else ""
        self._say(f"SAVEPOINT half{patience}")
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            return  # the commit releases it
        self.is_lost = not self._is_open()
        if not self.is_lost:
            self._say("ROLLBACK TO half")
            self._say("RELEASE half")  # else the half around it would be taken back only to here

    def _say(self, text: str) -> None:
        how = {"prepare": False} if self._is_shared else {}  # two commands cannot be prepared
        say(self._connection, text, **how)

    def _is_open(self) -> bool:
        """Say whether the driver is still in the transaction: a flush that fails rolls all of it back."""
        raw: Any = self._connection.connection.dbapi_connection
        if self._is_shared:
            return raw.info.transaction_status.name in {"INTRANS", "INERROR"}
        return bool(raw.in_transaction)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection behind SQLAlchemy's."""
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)
