"""Whose fault an error of the database is, and whether the job may run again."""

import sqlite3
from functools import partial

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from domain.store import claims
from domain.store.faults import database_unwell, may_retry
from domain.store.office import Office, PostgresOffice
from domain.work import Work

END_ONESELF = text("select pg_terminate_backend(pg_backend_pid())")


class Deadlock(Exception):
    sqlstate = "40P01"


def sqlite_error(code: int) -> OperationalError:
    raw = sqlite3.OperationalError("x")
    raw.sqlite_errorcode = code
    return OperationalError("select", None, raw)


def test_a_full_disk_is_not_the_fault_of_a_message_and_wrong_sql_is() -> None:
    assert database_unwell(sqlite_error(sqlite3.SQLITE_FULL))
    assert not database_unwell(sqlite_error(sqlite3.SQLITE_ERROR))
    assert not database_unwell(IntegrityError("insert", None, sqlite3.IntegrityError("x")))
    assert not database_unwell(KeyError("x"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # one writer meets no other
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_deadlock_is_tried_again_also_wrapped_by_the_job(office: Office, *, wrapped: bool) -> None:
    tries = []

    def collides(_work: Work) -> str:
        tries.append(1)
        if len(tries) == 1:
            deadlock = OperationalError("update", None, Deadlock())
            assert may_retry(deadlock)
            if wrapped:
                raise RuntimeError from deadlock
            raise deadlock
        return "done"

    assert office.write(collides).result() == "done"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # the other one has no server
@pytest.mark.parametrize("goes", ["at once", "behind a change"])
def test_a_connection_that_goes_before_the_commit_is_made_anew(office: Office, goes: str) -> None:
    tries = []

    def loses_it(work: Work) -> str:
        tries.append(1)
        if goes == "behind a change":
            claims.put_setting(work, "seen", {"times": len(tries)})
            work.session.flush()
        if len(tries) == 1:
            work.session.execute(END_ONESELF)
        return "done"

    assert office.write(loses_it).result() == "done"
    assert len(tries) == 2
    if goes == "behind a change":
        assert office.read(partial(claims.setting, name="seen")).result() == {"times": 2}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_goes_in_the_commit_is_no_reason_to_do_it_twice(office: Office) -> None:
    assert isinstance(office, PostgresOffice)
    event.listen(office._engine, "commit", lambda connection: connection.execute(END_ONESELF))
    tries = []
    with pytest.raises(OperationalError):
        office.write(lambda _work: tries.append(1)).result()
    assert len(tries) == 1
