"""A connection that ends by itself is logged, shown as broken, and made anew."""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from bot import keeper as keeping
from bot.keeper import Keeper
from bot.platforms.base import Health, State, Tenure
from bot.rules import Rules
from domain.clock import FixedClock
from domain.store.office import SqliteOffice
from tests.talks.patience import until


class Line:
    """A connection the first of which ends by a bug."""

    made = 0

    def __init__(self) -> None:
        Line.made += 1
        self._first, self._stopping = Line.made == 1, asyncio.Event()

    async def run(self) -> None:
        if self._first:
            raise ZeroDivisionError
        await self._stopping.wait()

    async def stop(self) -> None:
        self._stopping.set()


async def test_a_connection_that_dies_is_made_anew(
    sqlite_url: str, rules: Rules, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "made", 0)
    monkeypatch.setattr(keeping, "RENEW_SECONDS", 0.2)
    office = SqliteOffice(sqlite_url, rules.setting)
    keeper = Keeper("wecom", make=lambda _tenure: Line(), office=office, node="n")
    well = Health(name="wecom", state=State.READY, since=clock.now())
    with capture_logs() as logs:
        running = asyncio.create_task(keeper.run())
        await until(lambda: Line.made == 1 and keeper.seen(well).state is State.CONNECTING, "not shown")
        await until(lambda: Line.made == 2 and keeper.seen(well) == well, "not made anew")
        await keeper.stop()
        await running
    died = [line for line in logs if line["event"] == "keeper.connection_died"]
    assert [type(line["exc_info"]) for line in died] == [ZeroDivisionError]
    assert keeper._connection is None
    await asyncio.to_thread(office.close)


async def test_a_node_that_stood_still_may_not_connect_again_before_it_has_asked(
    sqlite_url: str, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LEASE_SECONDS", 1.0)
    office = SqliteOffice(sqlite_url, rules.setting)
    told: list[Tenure] = []

    def make(tenure: Tenure) -> Line:
        told.append(tenure)
        return Line()

    monkeypatch.setattr(Line, "made", 1)  # the first has had its bug
    keeper = Keeper("wecom", make=make, office=office, node="n")
    running = asyncio.create_task(keeper.run())
    await until(lambda: bool(told), "not made")
    assert (told[0].stands(), told[0].is_new()) == (True, True)
    time.sleep(1.1)  # noqa: ASYNC251 (the whole process stands still, and no clock of ours can be moved)
    assert not told[0].stands()
    await keeper.stop()
    await running
    await asyncio.to_thread(office.close)
