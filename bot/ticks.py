"""The real-time tick: APScheduler wakes this node every second, rows decide what is due."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from secrets import token_hex
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.clock import Clock
from domain.errors import DomainError
from domain.ids import IdMaker
from domain.queries.outbox import said_lately
from domain.store import nodes, outbox
from domain.store.office import Office
from domain.work import Work
from notifier import schedule, timers
from notifier.outbox import Dispatcher
from notifier.rounds import ROUNDS, Round

TICK_SECONDS: Final = 1
ROUND: Final = "round"
LEARN_SECONDS: Final = 2.0  # twice the tick by which other nodes see that there is one more
A_LONG_WAIT_SECONDS: Final = 60.0
A_JUMP: Final = timedelta(seconds=30)  # more than any correction of a clock that keeps time
log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A due job that fails: how often it has, and when it is tried again."""

    times: int
    again_at: float  # monotonic seconds


class Ticks:
    """Fires what is due: andon timers and digests. Any number of nodes may tick; a row is fired once."""

    def __init__(
        self, *, office: Office, dispatcher: Dispatcher, clock: Clock, ids: IdMaker | None = None
    ) -> None:
        self._office = office
        self._ids = ids
        self._dispatcher = dispatcher
        self._clock, self._seen = clock, clock.now()
        self._scheduler = AsyncIOScheduler()
        self._failing: dict[int | str, Trouble] = {}
        self._rounds_at: dict[str, float] = {}
        self._nodes, self._since = frozenset[str](), clock.monotonic()
        self._shared = self._nodes
        self._one_at_a_time = asyncio.Lock()

    @property
    def failing(self) -> int:
        """How many due andons and digests could not be fired (for health)."""
        return len(self._failing)

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
        except asyncio.CancelledError:
            log.info("ticks.cut_short")  # by `stop`; to the scheduler it would be a failure
        except Exception:
            log.exception("ticks.failed")

    async def learn(self) -> None:
        """Let the dispatcher speak: it knows what was said lately, and other nodes have counted this one."""
        if self._dispatcher.speaks:
            return
        self._nodes = await asyncio.wrap_future(self._office.read(nodes.alive))
        now = self._clock.monotonic()
        if len(self._nodes) <= 1 or now - self._since >= LEARN_SECONDS:
            self._dispatcher.budgets.share.see(len(self._nodes))
            self._since = now
            self._dispatcher.speak(await asyncio.wrap_future(self._office.read(said_lately)))

    async def tick(self) -> int:
        """Fire what is due now; returns how much was. Tests call this after moving the clock.

        Who comes while another tick is under way waits for it: what that one fires is done, too.
        """
        async with self._one_at_a_time:
            return await self._tick()

    async def _tick(self) -> int:
        await self.learn()
        await self._dispatcher.write_down()
        fired = await asyncio.wrap_future(self._office.write(self._look_around))
        await self._share_out()
        if self._set_back():
            fired += await asyncio.wrap_future(self._office.write(outbox.bring_forward))
        fired += await self._fire_due()
        fired += await self._make_rounds()
        if fired:
            self._dispatcher.wake()
        return fired

    def _look_around(self, work: Work) -> int:
        """See which nodes are there, and what time it is for all of them."""
        self._nodes = nodes.alive(work)
        if self._ids:
            nodes.set_ids_by_database(work, ids=self._ids)
        return nodes.forget_dead(work)

    async def _share_out(self) -> None:
        """Take over the part of a node that has gone, once it is known what it has spent of it."""
        gone, self._shared = self._shared - self._nodes, self._nodes
        if gone:
            now = self._clock.monotonic()
            job = partial(said_lately, by=gone)
            said = await asyncio.wrap_future(self._office.read(job))
            new = [it for it in said if it[2] <= now - self._since]  # older ones were learnt at the start
            self._dispatcher.budgets.remember(new, now=now)
            log.info("ticks.nodes_gone", nodes=sorted(gone), said=len(new))
        self._dispatcher.budgets.share.see(len(self._nodes))

    async def _fire_due(self) -> int:
        """Fire andons and digests each alone: one that fails keeps no other waiting."""
        failing = [key for key in self._failing if isinstance(key, int)]
        due = partial(timers.due_andons, besides=failing)
        fired = 0
        for andon_id in await asyncio.wrap_future(self._office.read(due)):
            fired += await self._fire(andon_id, partial(timers.fire_andon, andon_id=andon_id))
        for andon_id in failing:
            fired += await self._fire(andon_id, partial(timers.fire_andon, andon_id=andon_id))
        return fired + await self._fire_digests()

    async def _fire_digests(self) -> int:
        fired = 0
        due = await asyncio.wrap_future(self._office.read(schedule.due_digests))
        for code, slot in due:
            fired += await self._fire(code, partial(schedule.fire_digest, code=code, slot=slot))
        for key in [it for it in self._failing if isinstance(it, str) and not it.startswith(ROUND)]:
            if key not in dict(due):
                del self._failing[key]  # too late for it now, or another node could
        return fired

    async def _make_rounds(self) -> int:
        """Do the rounds whose time has come on this node: each thing that is due alone."""
        fired = 0
        for it in ROUNDS:
            now = self._clock.monotonic()
            if now >= self._rounds_at.get(it.name, now):
                self._rounds_at[it.name] = now + it.seconds
                fired += await self._make_round(it)
        return fired

    async def _make_round(self, it: Round) -> int:
        due = await asyncio.wrap_future(self._office.read(it.due))
        keys = {f"{ROUND} {it.name} {one}": one for one in due}
        failing = [key for key in self._failing if str(key).startswith(f"{ROUND} {it.name} ")]
        for gone in [key for key in failing if key not in keys]:
            del self._failing[gone]  # no longer due
        return sum([await self._fire(key, partial(_fired, it, one)) for key, one in keys.items()])

    async def _fire(self, key: int | str, job: Callable[[Work], bool]) -> int:
        """Do one job; what fails gets an incident number and is tried again, ever more slowly."""
        if key in self._failing and self._clock.monotonic() < self._failing[key].again_at:
            return 0
        try:
            fired = await asyncio.wrap_future(self._office.write(job))
        except Exception as error:  # noqa: BLE001 (counted and logged; the next one must not wait for it)
            self._failed(key, error)
            return 0
        self._failing.pop(key, None)
        return int(fired)

    def _failed(self, key: int | str, error: Exception) -> None:
        times = self._failing[key].times + 1 if key in self._failing else 1
        again_at = self._clock.monotonic() + min(2**times, A_LONG_WAIT_SECONDS)
        self._failing[key] = Trouble(times=times, again_at=again_at)
        known = {"what": key, "times": times, "incident": token_hex(4).upper()}
        if isinstance(error, DomainError):
            log.error("ticks.refused", **known, error=error.code, data=error.data())
        else:
            log.error("ticks.job_failed", **known, exc_info=error)

    def _set_back(self) -> bool:
        """Whether the clock has jumped back since the last tick; one that jumped ahead makes rounds due."""
        before, self._seen = self._seen, self._clock.now()
        if self._seen > before + A_JUMP:
            self._rounds_at.clear()
        if self._seen >= before - A_JUMP:
            return False
        log.warning("clock.set_back", seconds=round((before - self._seen).total_seconds()))
        return True


def _fired(it: Round, one: int, work: Work) -> bool:
    return it.fire(work, one)
