"""The process killed thirty times under load, on each database: nothing lost, nothing twice, nothing left."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import postgres
from tests.crash.run import Options, run

SUITE = Options(kills=30, people=9, life=1.5, freezes=0.05, things=80)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'run' / 'data' / 'banzhang.db'}"
        return
    with postgres.running(durable=True) as server:
        yield server.create("crash")


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_thirty_kills_lose_nothing_and_double_nothing(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path) as url:
        outcome = await run(SUITE, database=url, folder=tmp_path / "run", say=print)
    assert outcome.kills == SUITE.kills
    assert outcome.verdict.holds, "\n".join(outcome.verdict.wrong())
    assert outcome.verdict.acknowledged == outcome.verdict.said > SUITE.kills


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_through_every_door_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """Stream and HTTP at once, the long connection and then the callback URL, the app, a group's webhook."""
    options = Options(kills=6, people=6, life=1.5, freezes=0.0, doors=True, seed=3, things=40)
    with database("sqlite", tmp_path) as url:
        outcome = await run(options, database=url, folder=tmp_path / "run", say=print)
    assert outcome.verdict.holds, "\n".join(outcome.verdict.wrong())
    assert outcome.verdict.acknowledged > outcome.kills


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_two_nodes_on_one_database_take_over_from_each_other(tmp_path: Path) -> None:
    """One is killed, or stands still for a while and goes on as if everything were still its own."""
    options = Options(kills=4, people=9, nodes=2, life=2.0, freezes=0.2, frozen=(1.0, 8.0), seed=2, things=40)
    with database("postgresql", tmp_path) as url:
        outcome = await run(options, database=url, folder=tmp_path / "run", say=print)
    assert outcome.verdict.holds, "\n".join(outcome.verdict.wrong())
