"""The one writer of the embedded database outlives whatever a job does to it, and a closed office says so."""

from functools import partial

import pytest
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from bot.rules import Rules
from domain.models.journal import Setting
from domain.store import claims
from domain.store.office import SqliteOffice
from domain.work import Work


def put(work: Work, *, name: str = "here") -> None:
    claims.put_setting(work, name, {"n": 1})


def close_the_connection(work: Work) -> None:
    """Break what even the roll-back needs."""
    work.session.connection().close()


def leave(_work: Work) -> None:
    raise SystemExit(3)


def number(work: Work) -> int:
    return int(work.session.get_one(Setting, "here").value["n"])


def is_there(work: Work) -> bool:
    return claims.setting(work, "here") is not None


def test_a_session_that_is_kept_brings_nothing_of_an_earlier_job_along(sqlite_url: str, rules: Rules) -> None:
    """Neither what it had read nor what it had changed when it failed."""

    def change(work: Work, *, to: int, fails: bool = False) -> None:
        work.session.get_one(Setting, "here").value = {"n": to}
        work.session.flush()
        if fails:
            raise LookupError

    office = SqliteOffice(sqlite_url, rules.setting)
    office.write(put).result(timeout=10)
    with pytest.raises(LookupError):
        office.write(partial(change, to=2, fails=True)).result(timeout=10)
    assert office.write(number).result(timeout=10) == 1
    office.write(partial(change, to=3)).result(timeout=10)
    assert office.write(number).result(timeout=10) == office.read(number).result(timeout=10) == 3
    office.close()


def test_a_broken_connection_is_the_answer_of_its_group_and_the_next_one_has_a_new_one(
    sqlite_url: str, rules: Rules
) -> None:
    office = SqliteOffice(sqlite_url, rules.setting)
    with capture_logs() as logs, pytest.raises(SQLAlchemyError):
        office.write(close_the_connection).result(timeout=10)
    assert "office.writer_failed" in [line["event"] for line in logs]
    office.write(put).result(timeout=10)
    assert office.read(is_there).result()
    office.close()


def test_a_job_that_wants_to_end_the_process_ends_only_itself(sqlite_url: str, rules: Rules) -> None:
    office = SqliteOffice(sqlite_url, rules.setting)
    with capture_logs(), pytest.raises(SystemExit):
        office.write(leave).result(timeout=10)
    office.write(partial(put, name="here")).result(timeout=10)
    office.close()


def test_a_closed_office_takes_no_job(sqlite_url: str, rules: Rules) -> None:
    office = SqliteOffice(sqlite_url, rules.setting)
    office.close()
    with pytest.raises(RuntimeError, match="closed"):
        office.write(put)
