"""Rows by the hundred thousand, past the office: for a loader that fills a database nobody works on."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import Connection, Engine, create_engine, event, text

from domain.models.columns import MICRO, Base, Exact, Json, Moment
from domain.store.engines import is_sqlite, to_json

Values = Sequence[Any]
CACHE_KIB: Final = 262_144
DRAWN: Final = {("event", "sequence")}
"""What PostgreSQL draws as the row comes in."""


class Bulk:
    """Puts rows into tables as each database takes them quickest: one prepared statement, or COPY."""

    def __init__(self, connection: Connection) -> None:
        self._sqlite = connection.dialect.name == "sqlite"
        self._raw = cast("Any", connection.connection.driver_connection)

    def put(self, table: str, rows: Sequence[Values]) -> None:
        """Insert rows: stored values (see `stored`) of all columns that `columns` names, in that order."""
        names = columns(table)
        if self._sqlite:
            marks = ", ".join("?" * len(names))
            insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 (our own names)
            self._raw.executemany(insert, rows)
            return
        statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
        with self._raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def end_step(self) -> None:
        """Keep what was put so far; the next step begins by itself."""
        self._raw.commit()


def columns(table: str) -> list[str]:
    """Return the columns that a loader fills: all but those that the database draws itself."""
    names = [column.name for column in Base.metadata.tables[table].columns]
    return [name for name in names if (table, name) not in DRAWN]


def stored(table: str, *, sqlite: bool) -> list[Callable[[Any], Any] | None]:
    """Return for each of `columns` what turns a value into what is stored; None where it already is."""
    known = Base.metadata.tables[table].columns
    return [_stored(known[name].type, sqlite=sqlite) for name in columns(table)]


def _stored(kind: Any, *, sqlite: bool) -> Callable[[Any], Any] | None:
    match kind:
        case Moment():
            return _moment if sqlite else None
        case Exact():
            return _micro
        case Json():
            return to_json
        case _:
            return None


def _moment(value: datetime | None) -> str | None:
    return value.replace(tzinfo=None).isoformat(" ", "microseconds") if value else None


def _micro(value: Decimal | int | None) -> int | None:
    return None if value is None else int(value * MICRO)


@contextmanager
def opened(url: str, *, tables: Sequence[str]) -> Iterator[Bulk]:
    """Open a database for loading: the indexes of these tables are built when all is in.

    A loader that dies leaves a database without them; the next `banzhang load` or `migrate` of a fresh one
    is the way on: nobody works on it yet.
    """
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            indexes = [index for name in tables for index in Base.metadata.tables[name].indexes]
            for index in indexes:
                index.drop(connection, checkfirst=True)
            connection.commit()
            yield Bulk(connection)
            for index in indexes:
                index.create(connection)
            connection.execute(text("ANALYZE"))
            connection.commit()
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(url, json_serializer=to_json, hide_parameters=True)
    if is_sqlite(url):
        event.listen(engine, "connect", _quick)
    else:
        event.listen(engine, "connect", _unhurried)
    return engine


def _quick(connection: sqlite3.Connection, _record: Any) -> None:
    """Nothing is promised before the end: a load that was cut off is begun again."""
    for pragma in ("journal_mode=WAL", "synchronous=OFF", f"cache_size=-{CACHE_KIB}", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}").close()


def _unhurried(connection: Any, _record: Any) -> None:
    connection.execute("set synchronous_commit = off")
    connection.execute("set maintenance_work_mem = '256MB'")
    connection.commit()
