"""What dies is logged, shown in health and started again."""

import asyncio
from datetime import timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.watch import Watch
from bot.web.health import routes
from domain.clock import FixedClock
from tests.talks.patience import until


class Patient:
    """A task that dies the first time it is run."""

    def __init__(self) -> None:
        self.lives = 0

    async def run(self) -> None:
        self.lives += 1
        if self.lives == 1:
            raise ZeroDivisionError
        await asyncio.Event().wait()


async def test_a_task_that_dies_is_logged_shown_and_started_again(clock: FixedClock) -> None:
    watch, patient = Watch(monotonic=clock.monotonic, restart_seconds=0), Patient()
    with capture_logs() as logs:
        watch.keep("sweep", patient.run)
        await until(lambda: patient.lives == 2, "not started again")
    assert [(line["event"], line["task"]) for line in logs] == [("task.died", "sweep")]
    assert isinstance(logs[0]["exc_info"], ZeroDivisionError)
    assert watch.troubles() == ["sweep"]
    assert await status_of(watch) == (503, "degraded")
    clock.advance(timedelta(minutes=2))
    assert watch.troubles() == []
    assert await status_of(watch) == (200, "ok")
    await watch.stop()
    assert patient.lives == 2


async def status_of(watch: Watch) -> tuple[int, str]:
    async def facts() -> dict[str, Any]:
        return {}

    app = web.Application()
    app.add_routes(routes(healths=list, facts=facts, troubles=watch.troubles))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/healthz")
        return answer.status, (await answer.json())["status"]
