"""Prepared statements, and the objects they load, behave as SQLAlchemy's own; and their indexes are used."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import object_session
from sqlalchemy.orm.exc import StaleDataError

from domain.models.journal import ChatLane
from domain.models.work_order import OperationTask, WorkOrder
from domain.queries import outbox as queries
from domain.queries import walks
from domain.store import inbox, orders, outbox
from domain.store.engines import sqlite_writer
from domain.store.mapped import write_back
from domain.store.office import Office, SqliteOffice
from domain.store.prepared import Prepared, compiled
from domain.work import Work
from notifier.card import Card
from notifier.post import Address, post

CODE = "WO-1001"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
HERE = ChatLane.chat_key == bindparam("key")
ADD = Prepared(insert(ChatLane).values(chat_key=bindparam("key"), fence=0, answer_no=0))
LANE = Prepared(select(ChatLane.chat_key, ChatLane.lease_until).where(HERE))
LEASE = Prepared(update(ChatLane).where(HERE).values(lease_until=bindparam("at")))


def columns(thing: Any) -> dict[str, Any]:
    return {it.key: getattr(thing, it.key) for it in thing.__mapper__.column_attrs}


def test_values_pass_through_their_types_both_ways(office: Office) -> None:
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def job(work: Work) -> Any:
        ADD.run(work, key="k")
        assert LANE.first(work, key="k").lease_until is None
        assert LEASE.run(work, key="k", at=at) == 1
        assert LEASE.run(work, key="nobody", at=at) == 0
        return LANE.first(work, key="k")

    assert office.write(job).result() == ("k", at)


def test_a_forgotten_parameter_is_an_error_and_never_null(office: Office) -> None:
    with pytest.raises(KeyError):
        office.write(lambda work: LEASE.run(work, key="k")).result()


def test_errors_are_those_of_sqlalchemy(office: Office) -> None:
    with pytest.raises(IntegrityError):
        office.write(lambda work: [ADD.run(work, key="k") for _ in range(2)]).result()


def test_an_object_is_the_one_that_the_session_would_load(plant: Office) -> None:
    def job(work: Work) -> None:
        ours = orders.lock(work, code=CODE)
        assert object_session(ours) is work.session
        assert work.session.get(WorkOrder, ours.id) is ours
        loaded = columns(ours)
        work.session.expunge_all()
        assert loaded == columns(work.session.scalars(select(WorkOrder).where(WorkOrder.code == CODE)).one())

    plant.write(job).result()


def test_an_object_is_read_anew_even_if_the_session_has_it(plant: Office) -> None:
    def job(work: Work) -> None:
        order = orders.lock(work, code=CODE)
        order.reason = "mine"
        assert orders.lock(work, code=CODE) is order
        assert order.reason == ""
        assert not work.session.dirty

    plant.write(job).result()


def test_a_change_is_written_back_and_a_row_that_is_gone_is_noticed(plant: Office) -> None:
    def job(work: Work) -> None:
        task = orders.tasks(work, orders.lock(work, code=CODE))[0]
        task.good = Decimal("12.5")
        write_back(work.session, [(task, ["good"])])
        assert not work.session.dirty
        kept = select(OperationTask.good).where(OperationTask.id == task.id)
        assert work.session.scalars(kept).one() == Decimal("12.5")
        work.session.execute(text("DELETE FROM operation_task"))
        task.good = Decimal(13)
        with pytest.raises(StaleDataError):
            write_back(work.session, [(task, ["good"])])
        raise ZeroDivisionError  # nothing of this shall stay

    with pytest.raises(ZeroDivisionError):
        plant.write(job).result()


def claim(work: Work) -> Any:
    here = Address(platform="wecom", chat_id="b", chat_kind="group")
    post(work, here, Card(title="好"), kind="reply", dedup_key="k")
    work.see_rows()  # where nothing is due it asks no further
    return outbox.claim(work, lease="n", seconds=1, limit=9, busy_chats=["a"], reach=["wecom:", "dingtalk:"])


def calls(work: Work) -> Any:
    return outbox.calls_waiting(work, since=work.now)


def standing(work: Work) -> Any:
    return queries.standing(work, since=work.now)


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (inbox.chats_with_pending, "ix_inbox_pending"),
        (claim, "ix_outbox_waiting"),
        (outbox.expired, "ix_outbox_waiting"),
        (calls, "ix_outbox_waiting"),
        (standing, "ix_outbox_waiting"),
        (standing, "ix_outbox_dead"),
    ],
)
def test_what_waits_is_found_by_its_index(sqlite_url: str, rules: Any, ask: Any, index: str) -> None:
    """However much has been heard and said before: with a parameter for the state all of it would be read."""
    office = SqliteOffice(sqlite_url, rules.setting)
    plans = office.write(lambda work: plans_of(work, ask)).result()
    office.close()
    assert any(index in plan for plan in plans), plans


def plans_of(work: Work, ask: Any) -> list[str]:
    """Return the plans of what is asked, for any values of its parameters."""
    asked: list[tuple[str, Any]] = []
    event.listen(work.connection, "before_cursor_execute", lambda *it: asked.append((it[2], it[3])))
    ask(work)
    raw: Any = work.connection.connection.dbapi_connection
    return [row[3] for said, given in asked for row in raw.execute(f"EXPLAIN QUERY PLAN {said}", given)]


def plan_of(sqlite_url: str, prepared: Prepared, **values: Any) -> str:
    """Return the plan of a prepared statement."""
    engine = sqlite_writer(sqlite_url)
    query = compiled(prepared._statement, engine.dialect)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        plan = raw.execute(f"EXPLAIN QUERY PLAN {query.text}", query.parameters(values)).fetchall()
    engine.dispose()
    return " ".join(step[3] for step in plan)


def test_whether_anything_is_due_is_found_by_an_index(sqlite_url: str) -> None:
    assert "ix_outbox_waiting" in plan_of(sqlite_url, outbox._DUE, now=NOW, moment=NOW)


def test_the_next_message_of_a_chat_is_found_by_its_index(sqlite_url: str) -> None:
    used = plan_of(sqlite_url, inbox._LOWEST, key="a", node="n", soon=NOW)
    assert "ix_inbox_pending" in used
    assert "ix_outbox_answers" in used, "what holds up its answer is found by an index too"
    assert "SCAN" not in used


@pytest.mark.parametrize(
    ("forward", "looked_up"),
    [
        (True, r"SEARCH edge USING INDEX ix_edge_child \([^)]+\) LIST SUBQUERY"),
        (False, r"SEARCH (near|step|placed|\(\S+\)) USING AUTOMATIC COVERING INDEX \(\S+ AND \S+\) USE TEMP"),
    ],
)
def test_no_step_of_a_trace_looks_everything_over(sqlite_url: str, *, forward: bool, looked_up: str) -> None:
    """Of what it has made itself the planner knows nothing: for each step it has looked all of it over."""
    used = plan_of(sqlite_url, walks._TOLD[forward], kind="lot", ref=1)
    assert not re.search(r"SCAN (edge|unit)", used)
    assert re.search(looked_up, used), used
