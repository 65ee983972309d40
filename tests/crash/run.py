"""One run: a town, the real process, load, a killer; then quiet, a clean stop, and the verdict."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import httpx

from domain.clock import SystemClock
from tests.crash import doors, opening, plant, town
from tests.crash.doors import Doors
from tests.crash.ledger import Ledger
from tests.crash.talk import greet, talkers
from tests.crash.town import Town
from tests.crash.verdict import Verdict, judge, replayed
from tests.crash.victim import Victim
from tests.ports import free_port

SETTLE_SECONDS: Final = 180.0
TELL_SECONDS: Final = 10.0
EARLY: Final = 1 / 3
QUIET_SECONDS: Final = 60.0  # no answer for so long: nothing more will come
BUGS: Final = ("hear.crashed", "outbox.mouth_raised", "hear.chat_failed", "outbox.send_failed", "Traceback")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How hard a run is; times are in seconds, `life` is the longest after the start, `freezes` a chance.

    `doors`: through every door of both platforms (one process), not only stream and long connection.
    `verify`: after every life its journal is replayed and compared with the state (one process).
    `things`: so many pieces, boxes, reels and lots there are for hands.
    """

    kills: int = 30
    people: int = 24
    nodes: int = 1
    seed: int = 1
    life: float = 3.0
    freezes: float = 0.1
    frozen: tuple[float, float] = (1.0, 8.0)
    pause: float = 0.3
    settle: float = SETTLE_SECONDS
    doors: bool = False
    verify: bool = False
    things: int = 200


@dataclass(kw_only=True)
class Outcome:
    """What a run came to."""

    verdict: Verdict
    kills: int
    freezes: int
    seconds: float


class Run:
    """A run in progress."""

    def __init__(
        self,
        options: Options,
        town_: Town,
        victims: list[Victim],
        *,
        say: Callable[[str], None],
        replay: Callable[[], tuple[list[str], int]],
        ways: Doors | None = None,
    ) -> None:
        self._doors = ways
        self._options = options
        self._town = town_
        self._victims = victims
        self._say = say
        self._replay = replay
        self._random = Random(options.seed)  # noqa: S311 (lots, not secrets)
        self._clock = SystemClock()
        self._began = self._clock.monotonic()
        self._startup = 1.0  # seconds, as measured last
        self._way = doors.LINE
        self._watching: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.kills = self.freezes = 0
        self.unsound: list[str] = []

    async def go(self) -> None:
        """Talk and kill, then let everything come to its end."""
        over = asyncio.Event()
        watching = self._watching = asyncio.create_task(self._town.watch())
        people = talkers(
            self._town,
            people=self._options.people,
            seed=self._options.seed,
            things=self._options.things,
            app=self._options.doors,
        )
        greet(self._town)  # what is called before the first word would not arrive
        for victim in self._victims:
            await self._start(victim)
            await self._ready(victim)
        town.make_trouble(self._town.faults)
        if self._doors:
            doors.make_trouble(self._town)
        talking = [asyncio.create_task(one.talk(over, pause=self._options.pause)) for one in people]
        try:
            await self._reign()
            over.set()
            await asyncio.gather(*talking)
            await self._settle()
        finally:
            for task in (watching, *talking):
                task.cancel()
            await asyncio.gather(watching, *talking, return_exceptions=True)

    async def _reign(self) -> None:
        while self.kills < self._options.kills:
            if self._watching.done():
                self._watching.result()  # nobody looks any more: the run would show nothing
            victim = self._random.choice(self._victims)
            await self._wait(victim)
            if self._random.random() < self._options.freezes:
                await self._freeze(victim)
                continue
            self._town.ledger.sync()
            await victim.kill()
            self.kills += 1
            if self._options.verify:
                found, _events = await asyncio.to_thread(self._replay)
                self.unsound += [f"verify after life {victim.lives}: {line}" for line in found]
            await self._start(victim)
            if self.kills % 10 == 0 or self.kills == self._options.kills:
                self._progress()

    async def _wait(self, victim: Victim) -> None:
        """Wait for the moment to strike: a third of all lives end while the process still starts."""
        if self._random.random() < EARLY:
            await asyncio.sleep(self._random.uniform(0.0, self._startup))
            return
        began = self._clock.monotonic()
        await self._ready(victim)
        self._startup = max(0.5, self._clock.monotonic() - began)
        await asyncio.sleep(self._random.uniform(0.0, self._options.life))

    async def _start(self, victim: Victim) -> None:
        """Begin a life; where there are more doors, WeCom's bot is heard another way than before."""
        if self._doors is None:
            await victim.start()
            return
        self._way = doors.CALLBACK if victim.lives % 2 else doors.LINE
        await victim.start(self._doors.environment(self._town, way=self._way))

    async def _ready(self, victim: Victim) -> None:
        await victim.ready()
        if self._doors:
            await self._doors.turn(self._town, way=self._way)

    async def _freeze(self, victim: Victim) -> None:
        victim.freeze()
        self.freezes += 1
        await asyncio.sleep(self._random.uniform(*self._options.frozen))
        victim.thaw()

    def _progress(self, *, doing: str = "") -> None:
        ledger, seconds = self._town.ledger, self._clock.monotonic() - self._began
        done = f"{self.kills}/{self._options.kills} kills"
        counts = f"{len(ledger.said)} said, {ledger.acked} acknowledged, {ledger.answered} answered"
        self._say(f"{seconds:5.0f} s  {done}  {counts}  {doing}".rstrip())

    async def _settle(self) -> None:
        """No more mishaps and no more kills: wait until all is answered and sent, or nothing more comes."""
        self._town.faults.clear()
        for victim in self._victims:
            await self._ready(victim)
        self._town.wecom.drop_line()  # what WeCom has kept and held back is told after the next subscription
        began = last = told = self._clock.monotonic()
        before = -1
        while not await self._quiet():
            now = self._clock.monotonic()
            if self._town.ledger.answered != before:
                before, last = self._town.ledger.answered, now
            if now - told > TELL_SECONDS:
                told = now
                self._progress(doing="settling")
            if now - began > self._options.settle or now - last > QUIET_SECONDS:
                return
            await asyncio.sleep(1.0)

    async def _quiet(self) -> bool:
        awaited = (it for it in self._town.ledger.said if it.acked or not self._doors)
        if any(not one.answered.is_set() for one in awaited):
            return False
        with contextlib.suppress(httpx.HTTPError):
            return not any([await victim.waiting() for victim in self._victims])
        return False


async def run(options: Options, *, database: str, folder: Path, say: Callable[[str], None]) -> Outcome:
    """Do one run on an empty database; everything that it leaves is in `folder`."""
    (folder / "data").mkdir(parents=True)
    playbook = plant.build(folder, people=options.people, hooked=options.doors)
    clock = SystemClock()
    await asyncio.to_thread(opening.furnish_for, database, playbook=playbook, pieces=options.things)
    began = clock.monotonic()
    with Ledger(folder / "ledger.jsonl") as ledger:
        async with town.opened(playbook, ledger, seed=options.seed) as place:
            victims = [
                Victim(place, database=database, playbook=playbook, folder=folder, name=chr(97 + number))
                for number in range(options.nodes)
            ]
            way_in = Doors(port=free_port()) if options.doors else None
            if way_in:
                ledger.anywhere = True
                way_in.open(place, folder=folder)
            replay = partial(replayed, database, playbook=playbook)
            running = Run(options, place, victims, say=say, ways=way_in, replay=replay)
            try:
                await running.go()
            finally:
                stopped = [await victim.stop() for victim in victims]
            violations = place.violations
        seconds = clock.monotonic() - began
        say("judging")
        verdict = await asyncio.to_thread(judge, ledger, database=database, playbook=playbook)
    verdict.others += [f"wire: {it}" for it in violations if not _excused(it, options)]
    verdict.others += [f"ended with {code} when asked to stop" for code in stopped if code]
    verdict.others += _bugs(victims) + running.unsound
    return Outcome(
        verdict=verdict,
        kills=running.kills,
        freezes=running.freezes,
        seconds=seconds,
    )


def _excused(violation: str, options: Options) -> bool:
    """What nobody can know who was killed or stood still; the platform's refusal tells it.

    A node says one more word on a line that is another's by now; a response_url is tried that an earlier
    life may have used.
    """
    return (options.nodes > 1 and "not_subscribed" in violation) or "response_url.used" in violation


def _bugs(victims: list[Victim]) -> list[str]:
    log = "\n".join(victim.log() for victim in victims)
    return [f"log: {word} × {log.count(word)}" for word in BUGS if word in log]
