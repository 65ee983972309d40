"""The hands of the demo's clock: the sandbox and the bot move together, in steps that let things happen."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from domain.clock import SystemClock

STEP = timedelta(minutes=5)
LONG_STEP = timedelta(minutes=15)
LONG = timedelta(hours=2)
FARTHEST = timedelta(days=8)
APART = timedelta(seconds=2)  # less than that is the way of the message, not a difference
BREATH_SECONDS = 0.06  # real time for what has become due to be said at its hour


class Bot(Protocol):
    """Whoever has the bot's own HTTP door."""

    async def ask(self, path: str, **body: Any) -> dict[str, Any] | None:
        """Post JSON; None if it does not answer."""
        ...


class Hands:
    """Moves the clock forward; where it stands is kept in `folder` (None: nowhere) over restarts.

    `fresh`: nothing was kept yet.
    """

    def __init__(
        self,
        clock: SystemClock,
        bot: Bot,
        *,
        folder: Path | None = None,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self.clock, self.tell = clock, tell
        self._bot = bot
        self._kept = folder / "clock.json" if folder else None
        self._one_at_a_time = asyncio.Lock()
        self.fresh = not (self._kept and self._kept.exists())
        if self._kept and not self.fresh:
            clock.offset = timedelta(seconds=json.loads(self._kept.read_text())["seconds"])

    async def move(self, by: timedelta) -> None:
        """Move forward step by step, at most eight days; ValueError for anything else."""
        if not timedelta() < by <= FARTHEST:
            raise ValueError(by)
        async with self._one_at_a_time:
            left, step = by, STEP if by <= LONG else LONG_STEP
            while left > timedelta():
                await self._turn(min(left, step))
                left -= step
            await self._set_bot()

    async def move_until(self, at: time, *, zone: ZoneInfo) -> None:
        """Move to the next time when the clock in this zone shows `at`."""
        await self.move(self._until(at, zone=zone))

    def begin_at(self, at: time, *, until: time, zone: ZoneInfo) -> None:
        """Let a fresh demo begin at `at`, if it is not between that and `until` now anyway."""
        here = self.clock.now().astimezone(zone).time()
        if self.fresh and not at <= here <= until:
            self._advance(self._until(at, zone=zone))

    async def agree(self) -> None:
        """Let whichever clock is behind catch up: the bot may have been away while the hands moved."""
        async with self._one_at_a_time:
            await self._set_bot()

    def _until(self, at: time, *, zone: ZoneInfo) -> timedelta:
        here = self.clock.now().astimezone(zone)
        there = datetime.combine(here.date(), at, tzinfo=zone)
        return there - here + (timedelta(days=1) if there <= here else timedelta())

    def _advance(self, by: timedelta) -> None:
        self.clock.advance(by)
        if self._kept:
            self._kept.write_text(json.dumps({"seconds": self.clock.offset.total_seconds()}))

    async def _turn(self, by: timedelta) -> None:
        self._advance(by)
        self.tell()
        if await self._bot.ask("/demo/clock", seconds=by.total_seconds()):
            await asyncio.sleep(BREATH_SECONDS)

    async def _set_bot(self) -> None:
        if answer := await self._bot.ask("/demo/clock", seconds=0):
            behind = self.clock.now() - datetime.fromisoformat(answer["now"])
            if behind > APART:
                await self._bot.ask("/demo/clock", seconds=behind.total_seconds())
            elif -behind > APART:  # time never goes back: the one who is behind follows
                self._advance(-behind)
                self.tell()
