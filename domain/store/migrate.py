"""Migrations: from empty or any earlier version to the models, and the proof that they are equal."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, text

from domain.models.columns import Base
from domain.store.engines import is_sqlite
from domain.store.version import FOLDER, NewerDatabase, engine_of, versions

ONE_AT_A_TIME = 0x62616E7A68616E67  # any number that is ours alone


class BrokenReferences(Exception):
    """A migration would leave rows that refer to nothing; it is taken back. The text names the tables."""


def _engine(url: str) -> Engine:
    engine = engine_of(url)
    if is_sqlite(url):
        event.listen(engine, "connect", _without_references)
    return engine


def _without_references(connection: sqlite3.Connection, _record: Any) -> None:
    """Leave foreign keys to the check at the end: SQLite alters a table by copying it and dropping the old.

    With keys on, every row that refers to it then counts as broken, though the copy has the same name.
    """
    connection.execute("PRAGMA foreign_keys=OFF").close()


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

    Of nodes that start together one migrates, the others wait. Raises NewerDatabase, BrokenReferences.
    """
    with _prepared(url) as (config, connection):
        _wait_for_others(connection)
        _refuse_newer(config, connection)
        command.upgrade(config, to)
        _check_references(connection)


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = {str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
        if broken:
            raise BrokenReferences(", ".join(sorted(broken)))


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
    unknown = versions(connection) - known
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
