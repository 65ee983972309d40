"""P9: what the bot costs while nobody speaks, and how soon it is ready whatever lies behind it.

`python -m benchmarks.idle [--quick] [--database sqlite|postgresql]`

Memory: `banzhang serve`, connected to both pretend platforms and left alone for a while, with its children,
against a bare interpreter that has imported the same libraries (every module of somebody else's that the
bot's own modules bring with them) and does nothing. Start: from the start of the process until /healthz says
that every platform is connected, on a database with 10 thousand events and on one with a million (--quick:
200 thousand), in turns; of each the soonest counts, for nothing makes a start quicker than it is.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from benchmarks.asking import asked
from benchmarks.durable import plant
from benchmarks.spoken import history
from benchmarks.spoken.town import Town, opened
from domain.playbook import load
from tests import postgres
from tests.crash.victim import Victim

HEAVIER, FLAT = 2.5, 1.2
AIMS: Final = {"mb": 150, "seconds": 2}
REST: Final = 3.0
FEW, MANY, SOME = 10_000, 1_000_000, 200_000
OURS: Final = ("bot", "commands", "notifier", "domain")
SHOP: Final = f"""
import importlib, json, sys
import bot.cli, bot.app
print(json.dumps([name for name in sys.modules if name.split(".")[0] not in {OURS}]))
"""
BARE: Final = """
import importlib, json, sys
for name in json.loads(sys.stdin.readline()):
    try:
        importlib.import_module(name)
    except ImportError:
        pass  # made by another module while it was imported, not a module of its own
print("ready", flush=True)
sys.stdin.read()
"""


def bare_megabytes() -> float:
    """Return what an interpreter weighs that has imported the libraries and does nothing."""
    names = subprocess.run([sys.executable, "-c", SHOP], check=True, capture_output=True, text=True).stdout
    command = [sys.executable, "-c", BARE]
    as_we = os.environ | {"PYPINYIN_NO_PHRASES": "true", "PYPINYIN_NO_DICT_COPY": "true"}  # kit/sound.py
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=as_we
    ) as bare:
        assert bare.stdin
        assert bare.stdout
        bare.stdin.write(names)
        bare.stdin.flush()
        assert bare.stdout.readline() == "ready\n"
        weight = megabytes(bare.pid)
        bare.stdin.close()
    return weight


def megabytes(pid: int) -> float:
    """Return the resident memory of a process and of all its children."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]  # fmt: skip
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20 + sum(map(megabytes, children))


async def lives(urls: dict[int, str], folder: Path, *, rounds: int) -> tuple[dict[int, list[float]], float]:
    """Start the bot on each database in turns; returns the seconds until it was ready, and what it weighs."""
    seconds: dict[int, list[float]] = {events: [] for events in urls}
    weights = []
    async with opened(load(folder / "playbook")) as town:
        for _ in range(rounds):
            for events, url in urls.items():
                taken, weight = await life(town, url, folder)
                seconds[events].append(taken)
                weights.append(weight)
    return seconds, statistics.median(weights)


async def life(town: Town, url: str, folder: Path) -> tuple[float, float]:
    """Start the bot, let it rest, stop it; returns its seconds to be ready and its megabytes at rest."""
    bot = Victim(town, database=url, playbook=folder / "playbook", folder=folder)
    began = time.perf_counter()
    await bot.start()
    await bot.ready()
    taken = time.perf_counter() - began
    await asyncio.sleep(REST)
    weight = megabytes(bot.pid)
    await bot.stop()
    return taken, weight


def measure(database: str, *, quick: bool) -> list[dict[str, Any]]:
    """Measure one database, print its figures, return its promises."""
    sizes, rounds = ((FEW, SOME), 2) if quick else ((FEW, MANY), 5)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banzhang-bench-")))
        plant.write_playbook(folder)
        server = stack.enter_context(postgres.running(durable=True)) if database == "postgresql" else None
        urls = {
            events: server.create(f"plant{events}") if server else f"sqlite:///{folder / f'{events}.db'}"
            for events in sizes
        }
        for events, url in urls.items():
            plant.found(url, folder=folder / "playbook")
            history.add(url, events=events)
        bare = bare_megabytes()
        seconds, weight = asyncio.run(lives(urls, folder, rounds=rounds))
    return promises(database, seconds, weight=weight, bare=bare)


def promises(
    database: str, seconds: dict[int, list[float]], *, weight: float, bare: float
) -> list[dict[str, Any]]:
    """Print the figures and return the promise's lines."""
    few, many = seconds
    best = {events: min(taken) for events, taken in seconds.items()}
    ratio = best[many] / best[few]
    print(f"{database}: {weight:.0f} MB at rest, {bare:.0f} MB with the libraries alone")
    print(f"ready in {best[few]:.2f} s with {few:,} events, in {best[many]:.2f} s with {many:,}")
    said = {"promise": "P9", "database": database, "runs": len(seconds[few])}
    memory = {"figure": round(weight, 1), "floor": round(bare, 1), "ratio": round(weight / bare, 2),
              "unit": "MB", "aim": AIMS["mb"], "holds": weight <= HEAVIER * bare}  # fmt: skip
    start = {"figure": round(best[many], 2), "floor": round(best[few], 2), "ratio": round(ratio, 2),
             "unit": "s", "events": [few, many], "aim": AIMS["seconds"], "holds": ratio <= FLAT}  # fmt: skip
    return [{**said, "part": "memory", **memory}, {**said, "part": "start", **start}]


def main() -> None:
    """Measure what was asked for; the last line is JSON."""
    names, quick = asked(__doc__)
    print(json.dumps({"promises": [it for name in names for it in measure(name, quick=quick)]}))


if __name__ == "__main__":
    main()
