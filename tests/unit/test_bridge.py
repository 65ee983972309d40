"""Who waits for a job gets its result or its error, and may give up; the loop is woken once for many."""

import asyncio
from concurrent.futures import Future

import pytest

from bot.bridge import Bridge


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
