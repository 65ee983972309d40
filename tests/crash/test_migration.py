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


def test_tables_that_others_refer_to_are_altered_with_rows_in_them(tmp_path: Path) -> None:
    """SQLite copies a table to alter it: rows that refer to the old copy must not count as broken."""
    url = f"sqlite:///{tmp_path / 'grown.db'}"
    migrate.upgrade(url, to="5e9a4410c7bd")
    with closing(sqlite3.connect(tmp_path / "grown.db")) as rows:
        rows.executescript(AN_ORDER_AND_A_LOT)
    migrate.upgrade(url)
    with closing(sqlite3.connect(tmp_path / "grown.db")) as rows:
        assert rows.execute("select kind, over_allowance from work_order").fetchall() == [("normal", 0)]
        assert rows.execute("pragma foreign_key_check").fetchall() == []


def test_rows_that_refer_to_nothing_stop_a_migration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'broken.db'}"
    migrate.upgrade(url, to="5e9a4410c7bd")
    with closing(sqlite3.connect(tmp_path / "broken.db")) as rows:
        rows.executescript(AN_ORDER_AND_A_LOT)
        rows.execute("delete from material")
        rows.commit()
    with pytest.raises(migrate.BrokenReferences, match="lot, work_order"):
        migrate.upgrade(url)
    with closing(sqlite3.connect(tmp_path / "broken.db")) as rows:
        assert rows.execute("select version_num from alembic_version").fetchall() == [("5e9a4410c7bd",)]


AN_ORDER_AND_A_LOT = """
insert into site values (1, 'S', 'S');
insert into material (id, site_id, code, name, unit, aliases) values (1, 1, 'M', 'M', '个', '[]');
insert into work_order (id, site_id, code, product_id, quantity, unit, priority, line, status, reason, void)
  values (1, 1, 'WO-1', 1, 1, '个', 5, '', 'draft', '', 0);
insert into operation_task
  (id, order_id, sequence, code, name, department, status, good, scrap, open_rework, void)
  values (1, 1, 1, 'a', 'a', 'd', 'waiting', 0, 0, 0, 0);
insert into lot
  (id, site_id, code, material_id, supplier, lot_no, unit, received, issued, scrapped, on_hand, place,
   received_at, status, void)
  values (1, 1, 'L', 1, '', 'L', '个', 1, 0, 0, 1, '', '2026-01-01 00:00:00', 'released', 0);
"""
