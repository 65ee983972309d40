"""Which version of the tables a database has; what brings it to ours is loaded only when it is another."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from domain.store.engines import is_sqlite, postgres, sqlite_writer

FOLDER: Final = Path(__file__).parent / "migrations"
_REVISION = re.compile(r"^revision\b.*?=\s*['\"](\w+)", re.MULTILINE)


class NewerDatabase(Exception):
    """A database of a version that this program does not know: a newer one wrote it. The text names it."""


@cache
def newest() -> str:
    """Return the version of the last migration: the files are numbered in their order."""
    last = max((FOLDER / "versions").glob("[0-9]*.py"))
    if found := _REVISION.search(last.read_text("utf-8")):
        return found[1]
    raise LookupError(f"{last}: no revision")


def engine_of(url: str) -> Engine:
    """Make an engine for one errand on the tables themselves."""
    return sqlite_writer(url) if is_sqlite(url) else postgres(url, size=1)


def versions(connection: Connection) -> set[str]:
    """Return the versions that a database says it has; none of an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def is_newest(url: str) -> bool:
    """Say whether a database has the version of this program."""
    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            return versions(connection) == {newest()}
    finally:
        engine.dispose()


def bring_up(url: str) -> None:
    """Bring the database to the newest version, if it has another; raises NewerDatabase, BrokenReferences."""
    if not is_newest(url):
        from domain.store import migrate  # noqa: PLC0415 (Alembic is half a second of every start)

        migrate.upgrade(url)


def refuse_newer(url: str) -> None:
    """Raise NewerDatabase if a version that is not known here has written the database."""
    if not is_newest(url):
        from domain.store import migrate  # noqa: PLC0415 (as above)

        migrate.refuse_newer(url)
