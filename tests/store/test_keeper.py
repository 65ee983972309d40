"""A connection that ends by itself is logged, shown as broken, and made anew."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import keeper as keeping
from bot.keeper import Keeper
from bot.platforms.base import Health, Platform, State
from bot.rules import Rules
from domain.clock import FixedClock
from domain.store.office import SqliteOffice
from tests.talks.patience import until


class Line:
    """A platform whose first connection ends by a bug."""

    made = 0

    def __init__(self, clock: FixedClock) -> None:
        Line.made += 1
        self._first, self._clock, self._stopping = Line.made == 1, clock, asyncio.Event()

    async def run(self) -> None:
        if self._first:
            raise ZeroDivisionError
        await self._stopping.wait()

    async def stop(self) -> None:
        self._stopping.set()

    def health(self) -> Health:
        return Health(name="wecom", state=State.READY, since=self._clock.now())


async def test_a_connection_that_dies_is_made_anew(
    sqlite_url: str, rules: Rules, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "RENEW_SECONDS", 0.2)
    office = SqliteOffice(sqlite_url, rules.setting)
    platforms: MutableMapping[str, Platform] = {}
    line: Any = Line
    keeper = Keeper(
        "wecom", make=lambda: line(clock), platforms=platforms, office=office, clock=clock, node="n"
    )
    with capture_logs() as logs:
        running = asyncio.create_task(keeper.run())
        await until(lambda: Line.made == 1 and keeper.health().state is State.CONNECTING, "not shown")
        await until(lambda: Line.made == 2 and keeper.health().state is State.READY, "not made anew")
        await keeper.stop()
        await running
    died = [line for line in logs if line["event"] == "keeper.connection_died"]
    assert [type(line["exc_info"]) for line in died] == [ZeroDivisionError]
    assert platforms == {}
    await asyncio.to_thread(office.close)
