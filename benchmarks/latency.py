"""P5: message in -> reply handed to the platform, against an echo bot on the same sandbox.

`python -m benchmarks.latency [--quick] [--database sqlite|postgresql]`

64 operators in WeCom groups, each on an order of their own, say 「报工」 at random moments (Poisson), 100 a
second over all. The clock runs from the resident's post to the bot's post in the pretend world: the bot's
socket, journal, commands, outbox and dispatcher lie between, the same `banzhang serve` as in a plant. The
echo bot (`spoken/echo.py`) answers each message with its own words and keeps nothing. Each bot has a town of
its own; rounds are in turns, the ratios medians of the rounds' own. Who breaks a rule of the wire ends the
run. SQLite: synchronous=FULL. PostgreSQL: fsync on. What one flush of the disk takes is told beside.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.asking import asked
from benchmarks.durable import plant
from benchmarks.spoken.town import Town, opened
from domain.playbook import load
from tests import postgres
from tests.crash.victim import Victim

RATE: Final = 100.0
SLOWER: Final = 4.0
AIMS: Final = {"p50": 20.0, "p99": 100.0}
SHARES: Final = {"p50": 0.5, "p99": 0.99}
Waits = list[float]


async def measure(url: str, folder: Path, *, rounds: int, seconds: float) -> dict[str, list[Waits]]:
    """Return the waits of every round with either bot."""
    found: dict[str, list[Waits]] = {"echo": [], "product": []}
    async with AsyncExitStack() as stack:
        towns = {
            "echo": await stack.enter_async_context(echoing(folder)),
            "product": await stack.enter_async_context(working(url, folder)),
        }
        for town in towns.values():
            await town.open_chats()
            await town.round(rate=RATE, seconds=1.0, seed=rounds)
            town.forget_faults()  # until somebody has spoken there, a chat of WeCom is closed to the bot
        for number in range(rounds):
            for name, town in towns.items():
                found[name].append(await town.round(rate=RATE, seconds=seconds, seed=number))
        for town in towns.values():
            assert not town.faults, town.faults
    return found


@asynccontextmanager
async def echoing(folder: Path) -> AsyncIterator[Town]:
    """Give a town with the echo bot in it."""
    async with opened(load(folder / "playbook")) as town:
        arguments = (town.wecom.ws_url, town.wecom.bot_id, town.wecom.secret)
        echo = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.spoken.echo", *arguments
        )
        try:
            async with asyncio.timeout(30):
                while not town.wecom.subscribed:  # noqa: ASYNC110 (another process)
                    await asyncio.sleep(0.02)
            yield town
        finally:
            echo.terminate()
            await echo.wait()


@asynccontextmanager
async def working(url: str, folder: Path) -> AsyncIterator[Town]:
    """Give a town with the product in it."""
    async with opened(load(folder / "playbook")) as town:
        bot = Victim(town, database=url, playbook=folder / "playbook", folder=folder)
        await bot.start()
        try:
            await bot.ready()
            yield town
        finally:
            await bot.stop()


@contextmanager
def furnished(database: str, folder: Path) -> Iterator[str]:
    """Give the URL of a database with the operators and their orders in it."""
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'plant.db'}"
        if database == "postgresql":
            url = stack.enter_context(postgres.running(durable=True)).create("plant")
        plant.found(url, folder=plant.write_playbook(folder))
        yield url


def at(waits: Waits, name: str) -> float:
    """Return the milliseconds that this share of waits did not exceed."""
    return 1000 * sorted(waits)[min(len(waits) - 1, int(SHARES[name] * len(waits)))]


def report(database: str, found: dict[str, list[Waits]]) -> None:
    """Print the figures of one database."""
    print(f"\n{database}: {len(found['product'])} rounds, {RATE:.0f} messages a second")
    print(f"{'':10}{'answers':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for name, rounds in found.items():
        shown = [statistics.median(at(waits, share) for waits in rounds) for share in SHARES]
        print(f"{name:10}{sum(map(len, rounds)):9}" + "".join(f"{it:9.1f}" for it in shown))


def flush_ms(folder: Path, *, times: int = 100) -> float:
    """Return the median milliseconds of one flush of a page to the disk of `folder`."""
    waits = []
    with (folder / "flushed").open("wb", buffering=0) as file:
        for _ in range(times):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fdatasync(file)
            waits.append(time.perf_counter() - began)
    return 1000 * statistics.median(waits)


def verdict(database: str, found: dict[str, list[Waits]]) -> dict[str, Any]:
    """Return the promise's line."""
    figures = {
        name: {share: statistics.median(at(it, share) for it in rounds) for share in SHARES}
        for name, rounds in found.items()
    }
    pairs = list(zip(found["product"], found["echo"], strict=True))
    ratios = {share: statistics.median(at(a, share) / at(b, share) for a, b in pairs) for share in SHARES}
    return {
        "promise": "P5",
        "database": database,
        "figure": round(figures["product"]["p50"], 1),
        "floor": round(figures["echo"]["p50"], 1),
        "ratio": round(ratios["p50"], 2),
        "unit": "ms",
        "runs": len(pairs),
        "p99_ms": round(figures["product"]["p99"], 1),
        "p99_floor_ms": round(figures["echo"]["p99"], 1),
        "ratio_p99": round(ratios["p99"], 2),
        "aims_ms": AIMS,
        "holds": all(ratio <= SLOWER for ratio in ratios.values()),
    }


def show(database: str, *, quick: bool) -> dict[str, Any]:
    """Measure one database, print its figures, return its promise."""
    rounds, seconds = (2, 3.0) if quick else (5, 8.0)
    with (
        tempfile.TemporaryDirectory(prefix="banzhang-bench-") as place,
        furnished(database, Path(place)) as url,
    ):
        found = asyncio.run(measure(url, Path(place), rounds=rounds, seconds=seconds))
        flush = flush_ms(Path(place))
    report(database, found)
    print(f"one flush of the disk: {flush:.2f} ms")
    return {**verdict(database, found), "flush_ms": round(flush, 2)}


def main() -> None:
    """Measure what was asked for; the last line is JSON."""
    names, quick = asked(__doc__)
    print(json.dumps({"promises": [show(name, quick=quick) for name in names]}))


if __name__ == "__main__":
    main()
