"""Who waits for a job gets its result or its error, and may give up; the loop is woken once for many."""

import asyncio
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest

from bot.bridge import Bridge, Clerk
from domain.work import Work


async def test_results_and_errors_of_many_jobs_come_back_to_who_waits() -> None:
    bridge = Bridge()
    jobs: list[Future[int]] = [Future() for _ in range(50)]
    waiting = [asyncio.create_task(bridge.result(job)) for job in jobs]
    await asyncio.sleep(0)
    await asyncio.to_thread(end, jobs)
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert found[0::2] == list(range(0, 50, 2))
    assert all(isinstance(it, ZeroDivisionError) for it in found[1::2])


def end(jobs: list[Future[int]]) -> None:
    for number, job in enumerate(jobs):
        if number % 2:
            job.set_exception(ZeroDivisionError())
        else:
            job.set_result(number)


async def test_who_gives_up_leaves_the_job_and_the_others_alone() -> None:
    bridge = Bridge()
    given_up: Future[int] = Future()
    other: Future[int] = Future()
    tired, patient = (asyncio.create_task(bridge.result(job)) for job in (given_up, other))
    await asyncio.sleep(0)
    tired.cancel()
    with pytest.raises(asyncio.CancelledError):
        await tired
    assert not given_up.cancelled()
    given_up.set_result(1)
    other.set_result(2)
    assert await patient == 2


async def test_a_job_that_is_done_already_is_not_waited_for() -> None:
    job: Future[int] = Future()
    job.set_result(3)
    assert await Bridge().result(job) == 3


class Counter:
    """An office that counts how many jobs it was brought, and at which turn of the loop."""

    def __init__(self, *, shares_commits: bool) -> None:
        self.shares_commits = shares_commits
        self.brought: list[str] = []

    def write(self, job: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        nothing: Any = None
        done.set_result(job(nothing))
        self.brought.append(done.result())
        return done

    def read(self, job: Any) -> "Future[Any]":
        return self.write(job)

    def close(self) -> None:
        pass


def job(name: str, _work: Work) -> str:
    return name


async def test_what_can_wait_is_brought_together_after_what_cannot() -> None:
    office = Counter(shares_commits=True)
    clerk = Clerk(office)
    later = [asyncio.create_task(clerk.write_later(partial(job, name))) for name in "ab"]
    await asyncio.sleep(0)
    assert office.brought == []
    assert await clerk.write(partial(job, "now")) == "now"
    assert await asyncio.gather(*later) == ["a", "b"]
    assert office.brought == ["now", "a", "b"]  # at once: they cost no commit of their own
    assert await clerk.write_later(partial(job, "again")) == "again"


async def test_what_can_wait_comes_by_itself_where_nothing_else_does() -> None:
    office = Counter(shares_commits=True)
    clerk = Clerk(office)
    for name in "ab":
        assert await clerk.write_later(partial(job, name)) == name
    assert office.brought == ["a", "b"]


async def test_where_no_commit_is_shared_nothing_waits() -> None:
    office = Counter(shares_commits=False)
    waiting = asyncio.create_task(Clerk(office).write_later(partial(job, "a")))
    await asyncio.sleep(0)
    assert office.brought == ["a"]
    assert await waiting == "a"
