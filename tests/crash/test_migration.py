"""A migration that is killed half-way leaves the old version; the next start completes it."""

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from domain.store import migrate

FIRST = "6ee5ccc97570"
KILLED_AT = """
import os, signal, sys
from sqlalchemy import Engine, event
from domain.store import migrate
seen = 0
def count(connection, cursor, statement, *rest):
    global seen
    seen += statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))
    if seen == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, "after_cursor_execute", count)
migrate.upgrade(sys.argv[1])
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.mark.slow
@pytest.mark.parametrize("statement", [2, 12, 40])
def test_a_killed_migration_leaves_the_old_version_and_the_next_start_completes_it(
    empty_url: str, statement: int
) -> None:
    kill_at(empty_url, statement)
    assert tables(empty_url) == [], "what was done before the kill is undone"

    migrate.upgrade(empty_url)
    assert migrate.differences(empty_url) == []
    if empty_url.startswith("sqlite"):
        with closing(sqlite3.connect(empty_url.removeprefix("sqlite:///"))) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.slow
@pytest.mark.parametrize("statement", [1, 2, 4])
def test_so_does_one_of_a_database_in_use(empty_url: str, statement: int) -> None:
    migrate.upgrade(empty_url, to=FIRST)
    execute(empty_url, "INSERT INTO chat_lane (chat_key, fence, answer_no) VALUES ('c', 7, 8)")
    kill_at(empty_url, statement)
    assert execute(empty_url, "SELECT version_num FROM alembic_version") == [(FIRST,)]
    assert execute(empty_url, "SELECT * FROM chat_lane") == [("c", 7, None, 8)]

    migrate.upgrade(empty_url)
    assert migrate.differences(empty_url) == []
    assert execute(empty_url, "SELECT chat_key, fence, answer_no FROM chat_lane") == [("c", 7, 8)]


@pytest.mark.slow
def test_of_nodes_that_start_together_one_migrates_and_the_others_wait(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as nodes:
        for done in [nodes.submit(migrate.upgrade, empty_url) for _ in range(4)]:
            done.result()
    assert migrate.differences(empty_url) == []


def kill_at(url: str, statement: int) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED_AT, url, str(statement)]
    killed = subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False)
    assert killed.returncode == -signal.SIGKILL, "it was to be killed in the middle"


def execute(url: str, statement: str) -> list[tuple[Any, ...]]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            done = connection.execute(text(statement))
            return [tuple(row) for row in done] if done.returns_rows else []
    finally:
        engine.dispose()


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()
