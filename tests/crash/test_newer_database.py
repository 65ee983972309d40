"""A database of a newer version is left alone, and every door of the program says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

ROOT = Path(__file__).parents[2]
DOORS = {
    "serve": ["serve"],
    "migrate": ["migrate"],
    "verify": ["verify"],
    "say": ["say", "帮助", "--as", "1001"],
}
pytestmark = pytest.mark.slow


def make_newer(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'f0f0f0f0f0f0'"))
    engine.dispose()


def run(*words: str, folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "PYTHONPATH": str(ROOT),
        "BANZHANG_DATABASE_URL": url,
        "BANZHANG_PLAYBOOK": str(ROOT / "deploy" / "playbooks" / "demo"),
        "BANZHANG_DINGTALK_CLIENT_ID": "x",
        "BANZHANG_DINGTALK_CLIENT_SECRET": "x",
    }
    command = [sys.executable, "-m", "bot.cli", *words]
    return subprocess.run(
        command, cwd=folder, env=os.environ | settings, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("door", DOORS)
def test_every_door_says_what_to_do(database_url: str, tmp_path: Path, door: str) -> None:
    make_newer(database_url)
    done = run(*DOORS[door], folder=tmp_path, url=database_url)
    assert done.returncode == 2, done.stderr
    assert "更新版本的班长写的" in done.stderr
    assert "Start the newer version" in done.stderr
    assert "f0f0f0f0f0f0" in done.stderr
    assert "Traceback" not in done.stderr


def test_so_does_the_demo(sqlite_url: str, tmp_path: Path) -> None:
    make_newer(sqlite_url)
    folder = tmp_path / "demo"
    folder.mkdir()
    Path(sqlite_url.removeprefix("sqlite:///")).rename(folder / "banzhang.db")
    done = run("demo", "--port", "0", "--data-dir", str(folder), folder=tmp_path, url="")
    assert done.returncode == 2, done.stderr
    assert "更新版本的班长写的" in done.stderr
    assert "Traceback" not in done.stderr
