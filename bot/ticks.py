"""The real-time tick: APScheduler wakes this node every second, rows decide what is due."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.clock import Clock
from domain.store import nodes, outbox
from domain.store.office import Office
from notifier import schedule, timers
from notifier.outbox import Dispatcher

TICK_SECONDS: Final = 1
A_JUMP: Final = timedelta(seconds=30)  # more than any correction of a clock that keeps time
log = structlog.get_logger()


class Ticks:
    """Fires what is due: andon timers and digests. Any number of nodes may tick; a row is fired once."""

    def __init__(self, *, office: Office, dispatcher: Dispatcher, clock: Clock) -> None:
        self._office = office
        self._dispatcher = dispatcher
        self._clock, self._seen = clock, clock.now()
        self._scheduler = AsyncIOScheduler()

    def start(self) -> None:
        """Tick every second from now on."""
        self._scheduler.add_job(
            self.tick_safely, "interval", seconds=TICK_SECONDS, max_instances=1, coalesce=True
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tick_safely(self) -> None:
        """Tick; a database that is away for a while is waited for."""
        try:
            await self.tick()
        except Exception:
            log.exception("ticks.failed")

    async def tick(self) -> int:
        """Fire what is due now; returns how much was. Tests call this after moving the clock."""
        fired = await asyncio.wrap_future(self._office.write(nodes.forget_dead))
        if self._set_back():
            fired += await asyncio.wrap_future(self._office.write(outbox.bring_forward))
        due = await asyncio.wrap_future(self._office.read(timers.due_andons))
        for andon_id in due:
            job = partial(timers.fire_andon, andon_id=andon_id)
            fired += await asyncio.wrap_future(self._office.write(job))
        fired += await asyncio.wrap_future(self._office.write(schedule.fire_digests))
        if fired:
            self._dispatcher.wake()
        return fired

    def _set_back(self) -> bool:
        """Whether the clock has jumped back since the last tick."""
        before, self._seen = self._seen, self._clock.now()
        if self._seen >= before - A_JUMP:
            return False
        log.warning("clock.set_back", seconds=round((before - self._seen).total_seconds()))
        return True
