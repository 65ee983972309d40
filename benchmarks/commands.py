"""P1 and P2: durable chat commands, against the limit and the obvious way in the same run.

`python -m benchmarks.commands [--quick] [--database sqlite|postgresql|both] [--json]`

What is measured: 64 operators in 64 WeCom groups, each with one 「报工」 in flight on an order of their own.
A command is one HTTP request on loopback with WeCom's encryption (AES-256-CBC, signature); its answer,
encrypted too, leaves only after two commits: the journal's (inbox row), and the effect's (operation, event,
subjects, lane, inbox done, and the reply in the outbox). Delivery of the reply is another promise (P5). Every
way runs in a process of its own behind the same server (`durable/server.py`), on a copy of the same database;
this process holds the senders.

* product: platform hearing, Ear, Office, grammar, permits, actions, announcements; nothing switched off.
* limit: the same rows by hand, with `sqlite3` in group commit or with psycopg in 8 threads.
* obvious: a SQLAlchemy ORM session per command, keys made by the database.

Rounds are interleaved; a ratio is the median of the rounds' ratios. Afterwards the rows of all ways are
counted and weighed: a way that wrote other rows ends the run. SQLite: WAL, synchronous=FULL. PostgreSQL:
fsync on.
"""

import argparse
import asyncio
import contextlib
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.durable import ledger, plant
from benchmarks.durable.senders import Round, Senders
from tests import postgres

WAYS: Final = ("product", "limit", "obvious")
OF_LIMIT, OF_OBVIOUS, SLOWEST = 0.3, 8.0, 3.0
AIM: Final = 0.6
SHORT_KEYS: Final = 0.5  # keys that the database makes have one to five digits, ours eighteen


@dataclass(frozen=True)
class Plan:
    """How many rounds, and how many commands each sender says in one, fast ways and slow way."""

    rounds: int
    each: int
    slow: int

    def of(self, way: str) -> int:
        """Return how many commands each sender says to a way in a round."""
        return self.slow if way == "obvious" else self.each


FULL, QUICK = Plan(7, 40, 4), Plan(3, 16, 1)


@dataclass
class Tally:
    """The rounds of every way on one database."""

    rounds: dict[str, list[Round]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def rate(self, way: str) -> float:
        """Return the median commands a second."""
        return statistics.median(it.rate for it in self.rounds[way])

    def wait(self, way: str, share: float) -> float:
        """Return the median of the rounds' waits in milliseconds at this share."""
        return statistics.median(it.wait(share) for it in self.rounds[way])

    def cpu(self, way: str) -> float:
        """Return the server's milliseconds of processor for a command."""
        rounds = self.rounds[way]
        return 1000 * sum(it.cpu for it in rounds) / sum(len(it.waits) for it in rounds)

    def ratio(self, other: str) -> float:
        """Return the product's rate in parts of another's, round by round."""
        pairs = zip(self.rounds["product"], self.rounds[other], strict=True)
        return statistics.median(ours.rate / theirs.rate for ours, theirs in pairs)

    def slowest(self) -> float:
        """Return the product's p99 in parts of the limit's, round by round."""
        pairs = zip(self.rounds["product"], self.rounds["limit"], strict=True)
        return statistics.median(ours.wait(0.99) / theirs.wait(0.99) for ours, theirs in pairs)


async def measure(urls: dict[str, str], folder: Path, plan: Plan) -> Tally:
    """Run every way's server, and the rounds of all of them in turn."""
    tally = Tally()
    with ExitStack() as servers:
        ports = {way: servers.enter_context(serving(way, url, folder)) for way, url in urls.items()}
        senders = {way: await Senders.connect(port) for way, port in ports.items()}
        for way in urls:
            await senders[way].run(1)  # the first words: chats and lanes are made
        for _ in range(plan.rounds):
            for way in urls:
                tally.rounds[way].append(await senders[way].run(plan.of(way)))
        for one in senders.values():
            one.close()
    return tally


@contextmanager
def serving(way: str, url: str, folder: Path) -> Iterator[int]:
    """Give the port of a way's server."""
    command = [sys.executable, "-m", "benchmarks.durable.server", way, url, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        yield int(server.stdout.readline())
        server.stdin.close()
        assert server.wait(30) == 0


@contextmanager
def sqlite(base: Path, playbook: Path) -> Iterator[dict[str, str]]:
    """Give each way a copy of one database file."""
    plant.found(f"sqlite:///{base / 'template.db'}", folder=playbook)
    for way in WAYS:
        shutil.copy(base / "template.db", base / f"{way}.db")
    yield {way: f"sqlite:///{base / way}.db" for way in WAYS}


@contextmanager
def postgresql(base: Path, playbook: Path) -> Iterator[dict[str, str]]:
    """Give each way a copy of one database of a durable server."""
    del base
    with postgres.running(durable=True) as server:
        plant.found(server.create("template_plant"), folder=playbook)
        yield {way: server.create(way, template="template_plant") for way in WAYS}


DATABASES: Final = {"sqlite": ("P1", sqlite), "postgresql": ("P2", postgresql)}


def show(database: str, plan: Plan) -> dict[str, Any]:
    """Measure one database, print its figures, return its promise."""
    promise, opened = DATABASES[database]
    with tempfile.TemporaryDirectory(prefix="banzhang-bench-") as folder:
        base = Path(folder)
        playbook = plant.write_playbook(base)
        with opened(base, playbook) as urls:
            tally = asyncio.run(measure(urls, playbook, plan))
            check(urls, tally)
    report(database, tally)
    return verdict(promise, tally)


def check(urls: dict[str, str], tally: Tally) -> None:
    """Hold that every way wrote the same rows for a command, of the same size."""
    books = {}
    for way, url in urls.items():
        commands = len(plant.ALL) + sum(len(it.waits) for it in tally.rounds[way])
        books[way] = ledger.read(url, commands=commands, prefix="obvious_" if way == "obvious" else "")
    ledger.equal(books["product"], books["limit"])
    ledger.equal(books["product"], books["obvious"], like=SHORT_KEYS)


def report(database: str, tally: Tally) -> None:
    """Print the figures of one database."""
    print(f"\n{database}: {len(plant.ALL)} senders, {len(tally.rounds['product'])} rounds")
    print(f"{'':10}{'commands/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}")
    for way in WAYS:
        waits = f"{tally.wait(way, 0.5):9.1f}{tally.wait(way, 0.99):9.1f}"
        print(f"{way:10}{tally.rate(way):12.0f}{waits}{tally.cpu(way):9.2f}")
    ratios = f"{tally.ratio('limit'):.2f} x the limit, {tally.ratio('obvious'):.1f} x the obvious way"
    print(f"product: {ratios}; its p99 {tally.slowest():.2f} x the limit's")


def verdict(promise: str, tally: Tally) -> dict[str, Any]:
    """Return the promise's line."""
    ratio, obvious, slowest = tally.ratio("limit"), tally.ratio("obvious"), tally.slowest()
    holds = ratio >= OF_LIMIT
    if promise == "P1":
        holds = holds and obvious >= OF_OBVIOUS and slowest <= SLOWEST
    return {
        "promise": promise,
        "figure": round(tally.rate("product")),
        "floor": round(tally.rate("limit")),
        "ratio": round(ratio, 3),
        "unit": "commands/s",
        "runs": len(tally.rounds["product"]),
        "obvious": round(tally.rate("obvious")),
        "ratio_obvious": round(obvious, 1),
        "ratio_p99": round(slowest, 2),
        "p50_ms": round(tally.wait("product", 0.5), 1),
        "p99_ms": round(tally.wait("product", 0.99), 1),
        "aim": AIM,
        "holds": holds,
    }


def sync_cost() -> float:
    """Return the milliseconds of one fsync in the folder of the databases."""
    with tempfile.NamedTemporaryFile(prefix="banzhang-bench-") as file:
        began = time.perf_counter()
        for _ in range(20):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        return (time.perf_counter() - began) / 20 * 1000


def main() -> None:
    """Measure what was asked for; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="under 30 s")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--json", action="store_true", help="nothing but the last line")
    asked = parser.parse_args()
    names = list(DATABASES) if asked.database == "both" else [asked.database]
    with contextlib.redirect_stdout(io.StringIO() if asked.json else sys.stdout):
        print(
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, fsync {sync_cost():.1f} ms", flush=True
        )
        promises = [show(name, QUICK if asked.quick else FULL) for name in names]
    print(json.dumps({"promises": promises}))


if __name__ == "__main__":
    main()
