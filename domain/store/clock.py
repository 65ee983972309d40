"""The time that leases go by: the database's on PostgreSQL, where nodes differ; the machine's on SQLite."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from domain.clock import SystemClock, wall_milliseconds
from domain.models.columns import Moment
from domain.store.prepared import Prepared
from domain.work import Work

_machine: Final = SystemClock()


class database_now(FunctionElement[datetime]):  # noqa: N801 (a function of SQL)
    """What the server's clock shows; nothing on SQLite, which has none of its own."""

    type = Moment()
    inherit_cache = True


compiles(database_now, "postgresql")(lambda *_element, **_how: "clock_timestamp()")
compiles(database_now, "sqlite")(lambda *_element, **_how: "NULL")
_NOW: Final = Prepared(select(database_now().label("moment")))


def database_time(work: Work) -> datetime:
    """Return aware UTC that every node agrees on; never the movable clock."""
    if work.connection.dialect.name != "postgresql":
        return datetime.fromtimestamp(wall_milliseconds() / 1000, UTC)
    if work.server_clock is None:
        note_time(work, _NOW.first(work).moment)
        assert work.server_clock is not None  # noqa: S101 (noted in the line before)
    moment, read = work.server_clock
    return moment + timedelta(seconds=_machine.monotonic() - read)


def note_time(work: Work, moment: datetime | None) -> None:
    """Set a job's watch by the server's clock, as a query of the job has just brought it (None on SQLite)."""
    if moment is not None:
        work.server_clock = moment, _machine.monotonic()
