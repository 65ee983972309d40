"""Migrations: from empty or any earlier version to the models, and the proof that they are equal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from domain.models.columns import Base
from domain.store.engines import is_sqlite, postgres, sqlite_writer

FOLDER = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x62616E7A68616E67  # any number that is ours alone


class NewerDatabase(Exception):
    """A database of a version that this program does not know: a newer one wrote it. The text names it."""


def _engine(url: str) -> Engine:
    return sqlite_writer(url) if is_sqlite(url) else postgres(url, size=1)


@contextmanager
def _prepared(url: str) -> Iterator[tuple[Config, Connection]]:
    engine = _engine(url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            yield config, connection
    finally:
        engine.dispose()


def upgrade(url: str, *, to: str = "head") -> None:
    """Bring the database to the newest version, in one transaction: a killed migration leaves the old one.

    Of nodes that start together one migrates, the others wait. Raises NewerDatabase.
    """
    with _prepared(url) as (config, connection):
        _wait_for_others(connection)
        _refuse_newer(config, connection)
        command.upgrade(config, to)


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # where SQLite waits at the BEGIN IMMEDIATE
        connection.execute(text("set local lock_timeout = '10min'"))
        connection.execute(text(f"select pg_advisory_xact_lock({ONE_AT_A_TIME})"))


def refuse_newer(url: str) -> None:
    """Raise NewerDatabase if a version that is not known here has written the database."""
    with _prepared(url) as (config, connection):
        _refuse_newer(config, connection)


def _refuse_newer(config: Config, connection: Connection) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise NewerDatabase(", ".join(sorted(unknown)))


def differences(url: str) -> list[Any]:
    """Return what autogenerate would still change; empty when migrations equal the models."""
    with _prepared(url) as (_config, connection):
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def revise(url: str, *, message: str) -> None:
    """Write a new migration from the difference between database and models (for developers)."""
    with _prepared(url) as (config, _connection):
        command.revision(config, message=message, autogenerate=True)
