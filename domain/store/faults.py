"""What an error of the database means: whose fault it is, and whether the job may run again."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

RETRY_STATES: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock detected
_GONE: Final = ("08", "57P")  # connection exceptions; the server was told to end the session
READ_ONLY: Final = "25006"  # a standby after a fail-over; to the driver no OperationalError


def database_unwell(error: BaseException) -> bool:
    """Say whether the database could not do its work (full, read-only, lost connection); bad SQL is a bug."""
    if isinstance(error, DBAPIError) and sqlstate(error) == READ_ONLY:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None) if isinstance(error, OperationalError) else None
    return isinstance(error, OperationalError) and code != sqlite3.SQLITE_ERROR


def database_error(error: BaseException) -> DBAPIError | None:
    """Return what the database said, also where the job has wrapped it in an error of its own."""
    found = error if isinstance(error, DBAPIError) else error.__cause__
    return found if isinstance(found, DBAPIError) else None


def said(error: Exception) -> str:
    """Return what the database itself says, without statement and values: `database or disk is full`."""
    return f"{type(error).__name__}: {error.orig}" if isinstance(error, DBAPIError) else type(error).__name__


def sqlstate(error: DBAPIError) -> str:
    """Return PostgreSQL's code of the error, empty if there is none."""
    return str(getattr(error.orig, "sqlstate", "") or "")


def connection_lost(error: BaseException) -> bool:
    """Say whether the connection itself went away: the server was restarted, or the network took it."""
    cause = database_error(error)
    if cause is None:
        return False
    state = sqlstate(cause)
    return state.startswith(_GONE) or (isinstance(cause, OperationalError) and not state)


def may_retry(error: BaseException, *, uncommitted: bool = False) -> bool:
    """Say whether the job certainly had no effect and may succeed at once.

    A connection lost in COMMIT may have committed: never run the job again on that evidence, only where it
    was lost before (`uncommitted`). Every job that matters finds its own traces (inbox row done, outbox key)
    when its caller tries again.
    """
    cause = database_error(error)
    if cause is not None and sqlstate(cause) in RETRY_STATES:
        return True
    return uncommitted and connection_lost(error)
