"""Engines for both databases: every default that loses updates, or logs what people say, is switched off."""

import json
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import StaticPool

from domain.store.prepared import say

BUSY_TIMEOUT_MS = 5_000
LATEST_CHECKPOINT_PAGES = 16_000
"""Where no checkpoint has come through for so long (64 MB), the writer makes one itself: `checkpoints.py`."""
to_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def is_sqlite(url: str) -> bool:
    """Say whether the URL names the embedded database."""
    return make_url(url).get_backend_name() == "sqlite"


def _open_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transactions begin too late (no BEGIN before SELECT): 750 of 800 updates were lost
    # that way in an experiment. We say BEGIN IMMEDIATE ourselves.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"wal_autocheckpoint={LATEST_CHECKPOINT_PAGES}",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _open_sqlite_reader(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("query_only=ON", f"busy_timeout={BUSY_TIMEOUT_MS}", "cache_size=-16384"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    say(connection, "BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN DEFERRED")


def sqlite_writer(url: str) -> Engine:
    """Make the one engine that writes: one connection, BEGIN IMMEDIATE, WAL, FULL, foreign keys on."""
    engine = create_engine(
        url,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
        json_serializer=to_json,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def sqlite_readers(url: str, *, size: int) -> Engine:
    """Make an engine of read-only WAL connections; a write on one of them is an error."""
    engine = create_engine(
        _read_only(url),
        pool_size=size,
        max_overflow=0,
        connect_args={"check_same_thread": False, "uri": True},
        json_serializer=to_json,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _open_sqlite_reader)
    event.listen(engine, "begin", _begin_deferred)
    return engine


def _read_only(url: str) -> URL:
    parsed = make_url(url)
    name = str(parsed.database).removeprefix("file:")
    return parsed.set(database=f"file:{name}", query={**parsed.query, "mode": "ro", "uri": "true"})


def postgres(url: str, *, size: int, name: str = "") -> Engine:
    """Make an engine with a fixed pool; connections are checked before use, statements are in UTC.

    `name` is what the server shows its sessions as: a node is alive while it has one.
    """
    return create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=True,
        paramstyle="format",
        json_serializer=to_json,
        hide_parameters=True,
        connect_args={
            "options": "-c timezone=UTC -c lock_timeout=10s",
            "connect_timeout": 5,
            "application_name": name,
        },
    )
