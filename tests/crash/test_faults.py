"""A full disk, a read-only file, a clock set back: a clear error, nothing lost, and it recovers by itself."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from domain.clock import wall_milliseconds
from domain.ids import IdMaker
from domain.models.journal import Inbox
from domain.store.office import Office
from domain.work import Work
from tests.talks.patience import until
from tests.talks.stage import Stage

SAID = "报工 WO-1001 焊接 1 良"
FULL = 12  # messages, of which the last do not fit any more
pytestmark = pytest.mark.slow


def limit_pages(work: Work, *, spare: int | None) -> None:
    """Let the file grow by `spare` pages and no more; None: as far as it likes."""
    pages = work.session.execute(text("PRAGMA page_count")).scalar_one()
    most = 1_073_741_823 if spare is None else pages + spare
    work.session.execute(text(f"PRAGMA max_page_count = {most}"))


def heard(work: Work) -> int:
    return len(work.session.query(Inbox.id).all())


def acknowledged(stage: Stage) -> int:
    acks = stage.recorder.payloads("dingtalk.stream")
    return sum(isinstance(ack, dict) and ack.get("code") == 200 for ack in acks)


def office_of(stage: Stage) -> Office:
    assert stage.house.office is not None
    return stage.house.office


async def test_on_a_full_disk_nothing_is_acknowledged_and_all_of_it_is_done_when_there_is_room(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with Stage(sqlite_url, tmp_path) as stage:
        await stage.says("张伟", "钉钉", SAID)
        stage.hears("钉钉", "良 1", who="张伟")
        office = office_of(stage)
        before, acks = office.read(heard).result(), acknowledged(stage)
        office.write(partial(limit_pages, spare=0)).result()
        room = stage.room("钉钉", who="张伟")
        with capture_logs() as logs:
            for _ in range(FULL):
                stage.world.say(stage.person("张伟").id, room.id, text=SAID + " " * 500)
            await asyncio.sleep(3)  # the real time of the adapter's attempts
        kept = office.read(heard).result() - before
        assert kept < FULL, "the disk was to be full"
        assert acknowledged(stage) - acks == kept, "acknowledged is what is in the journal, and nothing else"
        assert any("full" in str(line) for line in logs), "the log says that the disk is full"

        office.write(partial(limit_pages, spare=None)).result()
        await until(lambda: len(stage.left()) >= FULL, "有空间以后没有全部处理")
        await stage.idle()
        assert acknowledged(stage) - acks == FULL
        for number in range(FULL):
            stage.hears("钉钉", f"累计良 {number + 2}，", who="张伟")


async def test_after_the_clock_was_set_back_the_journal_keeps_its_order(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids are made from the machine's clock: a process that starts an hour earlier goes on where it was."""
    async with Stage(database_url, tmp_path) as stage:
        await stage.says("张伟", "钉钉", SAID)
        stage.hears("钉钉", "累计良 1，", who="张伟")
        set_back(monkeypatch, hours=1)
        await stage.says("张伟", "钉钉", SAID)
        stage.hears("钉钉", "累计良 2，", who="张伟")
        await stage.restarts()
        await stage.says("张伟", "钉钉", SAID)
        stage.hears("钉钉", "累计良 3，", who="张伟")
        ids = office_of(stage).read(ids_as_received).result()
        assert ids == sorted(ids)
        assert len(ids) == len(set(ids))


def ids_as_received(work: Work) -> list[int]:
    rows = work.session.query(Inbox.id, Inbox.payload).all()
    return [row.id for row in sorted(rows, key=lambda row: str(row.payload["sent_at"]))]


def set_back(monkeypatch: pytest.MonkeyPatch, *, hours: int) -> None:
    """Set the machine's clock back, as leases see it and as the ids of the next process do."""

    def earlier() -> int:
        return wall_milliseconds() - hours * 3_600_000

    monkeypatch.setattr("domain.store.clock.wall_milliseconds", earlier)
    monkeypatch.setattr("bot.app.IdMaker", partial(IdMaker, milliseconds=earlier))


async def test_when_the_clock_jumps_an_hour_ahead_and_back_nobody_hears_a_storm(
    database_url: str, tmp_path: Path
) -> None:
    async with Stage(database_url, tmp_path) as stage:
        await stage.says("张伟", "钉钉", SAID)
        stage.hears("钉钉", "累计良 1，", who="张伟")
        await stage.later(minutes=60)
        await stage.later(minutes=-60)
        await stage.says("张伟", "钉钉", SAID)
        stage.hears("钉钉", "累计良 2，", who="张伟")


async def test_what_waits_to_be_sent_does_not_wait_an_hour_because_the_clock_was_set_back(
    database_url: str, tmp_path: Path
) -> None:
    async with Stage(database_url, tmp_path) as stage:
        stage.faults.add("status", "dingtalk.webhook", times=1)
        await stage.says("张伟", "钉钉", SAID, answered=False)
        await until(lambda: bool(stage.recorder.at("dingtalk.webhook", "out")), "班长没有回答")
        await stage.idle()
        assert not stage.left(), "the first attempt was to fail"
        stage.clock.advance(-timedelta(hours=1))
        await stage.house.ticks.tick()
        stage.clock.advance(timedelta(seconds=3))
        stage.house.dispatcher.wake()
        await until(lambda: bool(stage.left()), "它还在等那一个小时")
        stage.hears("钉钉", "累计良 1，", who="张伟")


def test_a_read_only_database_is_said_in_one_clear_sentence(sqlite_url: str, tmp_path: Path) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    settings = {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "BANZHANG_DATABASE_URL": f"sqlite:///file:{file}?immutable=1&uri=true",
        "BANZHANG_DINGTALK_CLIENT_ID": "x",
        "BANZHANG_DINGTALK_CLIENT_SECRET": "x",
    }
    command = [sys.executable, "-m", "bot.cli", "serve"]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "数据库用不了" in done.stderr
    assert "readonly" in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(file)) as untouched:
        assert untouched.execute("PRAGMA integrity_check").fetchone() == ("ok",)
