"""Whose fault an error of the database is, and whether the job may run again."""

import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from domain.store.faults import database_unwell, may_retry
from domain.store.office import Office
from domain.work import Work


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
