"""The traps of two databases: lost updates, snapshots, keys, cancelled callers, groups that fail."""

import threading
from concurrent.futures import Future, wait
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.errors import NotFound
from domain.models.journal import Inbox, Setting
from domain.models.people import Person
from domain.store import claims, inbox
from domain.store.office import Office, SqliteOffice
from domain.store.work import ReadOnlyWork, UnrecordedChange
from domain.work import Work


def count_up(work: Work) -> int:
    """Read, then write: the pattern that loses updates wherever the read is not part of the transaction."""
    found = work.session.scalars(select(Setting).where(Setting.name == "count").with_for_update()).one()
    found.value = {"n": found.value["n"] + 1}
    return int(found.value["n"])


def start_at_zero(work: Work) -> None:
    claims.put_setting(work, "count", {"n": 0})


def counted(work: Work) -> int:
    return int((claims.setting(work, "count") or {})["n"])


def test_eight_hundred_updates_from_sixteen_threads_lose_none(office: Office) -> None:
    office.write(start_at_zero).result()
    futures: list[Future[int]] = []
    together = threading.Lock()

    def sender() -> None:
        for _ in range(50):
            future = office.write(count_up)
            with together:
                futures.append(future)

    threads = [threading.Thread(target=sender) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait(futures)
    assert sorted(future.result() for future in futures) == list(range(1, 801))
    assert office.read(counted).result() == 800


def test_reading_first_and_writing_later_is_no_busy_snapshot(office: Office) -> None:
    """A deferred BEGIN fails at once with BUSY_SNAPSHOT when somebody else commits between read and write."""
    office.write(start_at_zero).result()
    reading, go_on = threading.Event(), threading.Event()

    def read_long(work: Work) -> int:
        before = counted(work)
        reading.set()
        assert go_on.wait(10)
        return before

    long_reader = office.read(read_long)
    assert reading.wait(10)
    assert [office.write(count_up).result() for _ in range(3)] == [1, 2, 3]
    go_on.set()
    assert long_reader.result() == 0


def test_a_row_that_refers_to_nothing_is_refused(office: Office) -> None:
    """SQLite keeps foreign keys off unless it is told; ours are checked at the commit, on both databases."""

    def orphan(work: Work) -> None:
        person = Person(
            id=work.new_id(), site_id=12345, job_number="1", name="无", department="", active=True
        )
        work.session.add(person)
        work.record("master.loaded")

    with pytest.raises(IntegrityError):
        office.write(orphan).result()
    assert office.read(lambda work: work.session.scalars(select(Person)).all()).result() == []


def test_a_caller_who_gives_up_leaves_no_transaction_open(office: Office) -> None:
    office.write(start_at_zero).result()
    inside, go_on = threading.Event(), threading.Event()

    def slow(work: Work) -> int:
        inside.set()
        assert go_on.wait(10)
        return count_up(work)

    running = office.write(slow)
    assert inside.wait(10)
    assert not running.cancel(), "what has begun is finished, whoever waits for it"
    go_on.set()
    assert running.result() == 1
    assert office.write(count_up).result() == 2


def test_a_refused_job_takes_nothing_with_it_and_nobody_else(office: Office) -> None:
    office.write(start_at_zero).result()

    def refused(work: Work) -> None:
        count_up(work)
        work.session.flush()
        raise NotFound(kind="order", code_text="WO-0")

    jobs = [office.write(job) for job in (count_up, refused, count_up)]
    with pytest.raises(NotFound):
        jobs[1].result()
    assert {jobs[0].result(), jobs[2].result()} == {1, 2}


def test_state_that_changes_without_an_event_is_a_bug(plant: Office) -> None:
    def silent(work: Work) -> None:
        work.session.scalars(select(Person)).first().name = "改名"  # type: ignore[union-attr]

    with pytest.raises(UnrecordedChange, match="person"):
        plant.write(silent).result()


def test_who_only_reads_cannot_write(office: Office) -> None:
    with pytest.raises(DBAPIError):
        office.read(lambda work: work.session.execute(text("delete from setting"))).result()
    with pytest.raises(ReadOnlyWork):
        office.read(lambda work: work.record("master.loaded")).result()


def heard(number: int, work: Work) -> int | None:
    return inbox.write_down(
        work, platform="p", tenant="t", message_id=str(number), chat_key="p:c", payload={"n": number}
    )


def test_a_message_is_written_down_once_however_often_it_comes(office: Office) -> None:
    futures = [office.write(partial(heard, number)) for number in (1, 2, 1, 1, 2, 3)]
    wait(futures)
    for future in futures:
        future.result()
    rows: list[Inbox] = list(office.read(lambda work: work.session.scalars(select(Inbox)).all()).result())
    assert sorted(row.message_id for row in rows) == ["1", "2", "3"]


class TestGroups:
    """What only the embedded database does."""

    @pytest.fixture
    def sqlite(self, sqlite_url: str, rules: Any) -> Any:
        office = SqliteOffice(sqlite_url, rules.setting)
        yield office
        office.close()

    def test_a_job_sees_what_an_earlier_one_of_its_group_has_queued(self, sqlite: SqliteOffice) -> None:
        """Rows of inbox, event and outbox are inserted once a group; who asks gets them inserted first."""
        first = sqlite.write(partial(heard, 1))
        second = sqlite.write(lambda work: inbox.lowest_pending(work, chat_key="p:c", node="n"))
        first.result()
        found = second.result()
        assert found is not None
        assert found.id == first.result()

    def test_jobs_that_wait_together_are_committed_together(self, sqlite: SqliteOffice) -> None:
        inside, go_on = threading.Event(), threading.Event()

        def hold(_work: Work) -> None:
            inside.set()
            assert go_on.wait(10)

        commits: list[int] = []
        connection = sqlite._connection.connection.dbapi_connection
        held = sqlite.write(hold)
        assert inside.wait(10)
        waiting = [sqlite.write(partial(heard, number)) for number in range(40)]
        connection.set_trace_callback(lambda sql: commits.append(1) if sql == "COMMIT" else None)  # type: ignore[union-attr]
        go_on.set()
        wait([held])
        wait(waiting)
        connection.set_trace_callback(None)  # type: ignore[union-attr]
        assert len(commits) == 2, "one for the job that was held, one for the forty that waited"

    def test_when_the_group_fails_each_job_runs_again_alone(self, sqlite: SqliteOffice) -> None:
        """A failure at the commit (a key that refers to nothing) hits the group, then only its author."""
        inside, go_on = threading.Event(), threading.Event()

        def hold(_work: Work) -> None:
            inside.set()
            assert go_on.wait(10)

        def orphan(work: Work) -> None:
            stray = Person(id=work.new_id(), site_id=1, job_number="1", name="无", department="", active=True)
            work.session.add(stray)
            work.record("master.loaded")

        held = sqlite.write(hold)
        assert inside.wait(10)
        good = [sqlite.write(partial(heard, number)) for number in range(5)]
        bad = sqlite.write(orphan)
        go_on.set()
        wait([held, bad])
        wait(good)
        with pytest.raises(IntegrityError):
            bad.result()
        assert all(future.result() is not None for future in good)
        rows = sqlite.read(lambda work: len(work.session.scalars(select(Inbox)).all())).result()
        assert rows == 5

    def test_durability_is_not_traded_away(self, sqlite: SqliteOffice) -> None:
        def pragmas(work: Work) -> dict[str, Any]:
            names = ("journal_mode", "synchronous", "foreign_keys")
            return {name: work.session.execute(text(f"PRAGMA {name}")).scalar() for name in names}

        assert sqlite.write(pragmas).result() == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_deadlocked_workers_try_again(postgres_url: str, rules: Any) -> None:
    """Two jobs that lock the same two rows crosswise both end well."""
    from domain.store.office import PostgresOffice  # noqa: PLC0415 (only here)

    office = PostgresOffice(postgres_url, rules.setting)
    barrier = threading.Barrier(2)
    tries: list[str] = []

    def both(first: str, second: str, work: Work) -> None:
        tries.append(first)
        for name in (first, second):
            work.session.execute(update(Setting).where(Setting.name == name).values(value={"by": first}))
            if name == first and tries.count(first) == 1:
                barrier.wait(10)

    try:
        for name in "ab":
            office.write(partial(claims.put_setting, name=name, value={})).result()
        crossing = [office.write(partial(both, "a", "b")), office.write(partial(both, "b", "a"))]
        for future in crossing:
            future.result(20)
        assert len(tries) > 2, "one of them had to try again"
    finally:
        office.close()
