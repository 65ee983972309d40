"""A database that takes no more: what could not be written down comes again, what could not be done waits."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, select, text
from structlog.testing import capture_logs

from bot import journal
from bot.platforms.base import Incoming
from domain.models.journal import Inbox, InboxState
from domain.store.office import Office, SqliteOffice
from domain.work import Work
from tests.crash.test_faults import acknowledged, limit_pages, office_of
from tests.talks.patience import until
from tests.talks.stage import Stage

SAID = "报工 WO-1001 焊接 1 良"
WAITING = 12
END_SESSIONS = text(
    "select pg_terminate_backend(pid) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)
pytestmark = pytest.mark.slow


@contextmanager
def read_only(office: Office, url: str) -> Iterator[None]:
    """Let the database refuse every change for a while, as a file or a standby does."""
    if url.startswith("sqlite"):
        assert isinstance(office, SqliteOffice)
        raw: Any = office._connection.connection.dbapi_connection
        raw.execute("PRAGMA query_only = ON")
        yield
        raw.execute("PRAGMA query_only = OFF")
        return
    name = make_url(url).database
    _as_administrator(url, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    yield
    _as_administrator(url, f'ALTER DATABASE "{name}" RESET default_transaction_read_only')


def _as_administrator(url: str, statement: str) -> None:
    """Change a setting of the database and end its sessions: the next ones have it."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("set default_transaction_read_only = off"))
        connection.execute(text(statement))
        connection.execute(END_SESSIONS)
    engine.dispose()


def heard(stage: Stage, number: int) -> Incoming:
    """Return what 张伟 says in his own chat, as the adapter would."""
    return Incoming(
        platform="dingtalk",
        tenant="t",
        message_id=f"m{number}",
        kind="text",
        chat_id=stage.person("张伟").dingtalk_user_id,
        chat_kind="direct",
        sender_id=stage.person("张伟").dingtalk_user_id,
        text=SAID + " " * 500,
    )


def states(work: Work) -> list[tuple[InboxState, int]]:
    return [(it.state, it.attempts) for it in work.session.scalars(select(Inbox).order_by(Inbox.id))]


async def test_nothing_is_acknowledged_that_could_not_be_written_down(
    database_url: str, tmp_path: Path
) -> None:
    async with Stage(database_url, tmp_path) as stage:
        await stage.says("张伟", "钉钉", SAID)
        stage.hears("钉钉", "累计良 1，", who="张伟")
        before, room = acknowledged(stage), stage.room("钉钉", who="张伟")
        with capture_logs(), read_only(office_of(stage), database_url):
            stage.world.say(stage.person("张伟").id, room.id, text=SAID)
            await asyncio.sleep(1.5)  # the real time of the adapter's attempts
            assert acknowledged(stage) == before
            assert not stage.left()
        await until(lambda: bool(stage.left()), "可以写以后没有处理")
        stage.hears("钉钉", "累计良 2，", who="张伟")
        assert acknowledged(stage) == before + 1


async def test_what_is_written_down_waits_and_is_not_blamed(database_url: str, tmp_path: Path) -> None:
    async with Stage(database_url, tmp_path) as stage:
        office = office_of(stage)
        stage.house.ear._stopping = True  # nobody attends to what is written down
        office.write(partial(journal.write_down, incoming=heard(stage, 1))).result()
        with capture_logs() as logs, read_only(office, database_url):
            stage.house.ear._stopping = False
            stage.house.ear._attend(journal.chat_key(heard(stage, 1)))
            await until(lambda: stage.house.ear.idle, "没有停下来")
        assert office.read(states).result() == [(InboxState.PENDING, 0)]
        assert "hear.chat_waits" in {line["event"] for line in logs}
        stage.house.ear._attend(journal.chat_key(heard(stage, 1)))
        await until(lambda: bool(stage.left()), "可以写以后没有处理")
        stage.hears("钉钉", "累计良 1，", who="张伟")


async def test_a_disk_that_is_full_while_messages_are_handled_loses_and_doubles_none(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with Stage(sqlite_url, tmp_path) as stage:
        office = office_of(stage)
        stage.house.ear._stopping = True
        for number in range(WAITING):
            office.write(partial(journal.write_down, incoming=heard(stage, number))).result()
        with capture_logs() as logs:
            office.write(partial(limit_pages, spare=0)).result()
            stage.house.ear._stopping = False
            stage.house.ear._attend(journal.chat_key(heard(stage, 0)))
            await until(lambda: stage.house.ear.idle, "没有停下来")
        found = office.read(states).result()
        assert found[-1] == (InboxState.PENDING, 0), "the disk was to be full"
        assert {attempts for _state, attempts in found} == {0}
        assert "hear.chat_waits" in {line["event"] for line in logs}
        office.write(partial(limit_pages, spare=None)).result()
        stage.house.ear._attend(journal.chat_key(heard(stage, 0)))
        await until(lambda: len(stage.left()) == WAITING, "有空间以后没有全部处理")
        for number in range(WAITING):
            stage.hears("钉钉", f"累计良 {number + 1}，", who="张伟")
