"""The time that leases go by: the database's on PostgreSQL, where nodes differ; the machine's on SQLite."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from domain.clock import wall_milliseconds
from domain.work import Work


def database_time(work: Work) -> datetime:
    """Return aware UTC that every node agrees on; never the movable clock."""
    if work.session.get_bind().dialect.name != "postgresql":
        return datetime.fromtimestamp(wall_milliseconds() / 1000, UTC)
    moment: datetime = work.session.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)
