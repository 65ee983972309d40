"""Migrations: from empty or any earlier version to the models, and the proof that they are equal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from domain.models.columns import Base
from domain.store.engines import is_sqlite, postgres, sqlite_writer

FOLDER = Path(__file__).parent / "migrations"


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


def upgrade(url: str) -> None:
    """Bring the database to the newest version, in one transaction: a killed migration leaves the old one."""
    with _prepared(url) as (config, _connection):
        command.upgrade(config, "head")


def differences(url: str) -> list[Any]:
    """Return what autogenerate would still change; empty when migrations equal the models."""
    with _prepared(url) as (_config, connection):
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def revise(url: str, *, message: str) -> None:
    """Write a new migration from the difference between database and models (for developers)."""
    with _prepared(url) as (config, _connection):
        command.revision(config, message=message, autogenerate=True)
