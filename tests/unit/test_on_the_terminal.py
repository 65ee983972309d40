"""What IT sees on a terminal of 80 columns, and the runbook's recipes, which need our own Python only."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
PLACE = "/var/lib/banzhang/banzhang.db"


def test_each_command_is_explained_in_two_languages_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = CliRunner().invoke(app, ["--help"]).output
    table = shown[shown.index("Commands") :]
    lines = [line.strip("│ ") for line in table.splitlines() if line.startswith("│")]
    both = [line for line in lines if re.search(r"。 +[A-Z]", line)]
    assert both == []
    assert "Run against the clouds that the environment names." in lines
    assert all(line.endswith((".", "。")) for line in lines), "none is wrapped"


def test_the_runbooks_recipes_work_beside_a_running_bot(tmp_path: Path) -> None:
    database, copy = tmp_path / "plant.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(database)) as open_all_the_time:
        open_all_the_time.execute("pragma journal_mode=wal")
        open_all_the_time.execute("create table inbox (state text)")
        open_all_the_time.execute("insert into inbox values ('aside')")
        open_all_the_time.commit()
        recipes = re.findall(r"^banzhang_\w+\(\).*$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
        script = "\n".join(recipes).replace(PLACE, str(database)).replace(".venv/bin/python", sys.executable)
        asked = "\n".join([script, f"banzhang_backup {copy}", 'banzhang_sql "select state, 1 from inbox"'])
        said = subprocess.run(["bash", "-ec", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "aside | 1\n"
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("select state from inbox").fetchall() == [("aside",)]
