"""A migration that is killed half-way leaves the old version; the next start completes it."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from domain.store import migrate

KILLED_AT = """
import os, signal, sys
from sqlalchemy import Engine, event
from domain.store import migrate
seen = 0
def count(connection, cursor, statement, *rest):
    global seen
    seen += statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT"))
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
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED_AT, empty_url, str(statement)]
    killed = subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False)
    assert killed.returncode == -signal.SIGKILL, "it was to be killed in the middle"
    assert tables(empty_url) == [], "what was done before the kill is undone"

    migrate.upgrade(empty_url)
    assert migrate.differences(empty_url) == []
    if empty_url.startswith("sqlite"):
        with closing(sqlite3.connect(empty_url.removeprefix("sqlite:///"))) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()
