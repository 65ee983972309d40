"""P7: two hundred codes pasted in one message, beside two hundred raw inserts in one transaction.

`python -m benchmarks.bulk [--quick] [--database sqlite|postgresql]`

An order of 200 pieces with serial numbers; somebody pastes all of them behind 过站 焊接. Measured from the
text to the committed answer, with the durability that the product promises. The floor, in turns with it:
a hand-written program that inserts 200 rows of `unit_step`, one statement each, and commits, on the same
database. The promise: at most twice that and 50 ms.
"""

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import select

from benchmarks.grown import office_of
from bot.terminal import Terminal
from domain.actions import orders, release, units
from domain.clock import SystemClock
from domain.ids import IdMaker
from domain.models.work_order import OperationTask, WorkOrder
from domain.store import units as unit_store
from domain.store.engines import is_sqlite
from domain.store.migrate import upgrade
from domain.store.office import Office
from domain.work import Work
from tests import postgres

CODES: Final = 200
TWICE, EXTRA_MS = 2.0, 50.0
RUNS, WARMING, FEW = 20, 3, 6
LEADER: Final = "1003"
COLUMNS: Final = "id, unit_id, task_id, sequence, round, result, at, station, equipment, made_up, void"


class Bench:
    """A plant with a fresh order of 200 numbered pieces for every turn."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.terminal = Terminal(office)
        self._number = time.time_ns() // 1_000_000  # a kept plant has those of the last time

    def fresh(self) -> tuple[str, int, list[int]]:
        """Make an order; returns what is pasted, and ids for the raw rows: of its first task, its pieces."""
        self._number += 1
        code = f"WO-{self._number}"

        def make(work: Work) -> tuple[list[str], int, list[int]]:
            orders.draft(work, product="TS-300", quantity=Decimal(CODES), code=code)
            release.release(work, order=code)
            made = units.generate(work, order=code, count=CODES)["units"]
            order = work.session.scalars(select(WorkOrder).where(WorkOrder.code == code)).one()
            first = select(OperationTask.id).where(OperationTask.order_id == order.id)
            task = work.session.scalars(first.order_by(OperationTask.sequence)).first()
            known = unit_store.known(work, made)
            return made, task or 0, [known[it].id for it in made]

        made, task, ids = self.office.write(make).result()
        return "过站 焊接\n" + "\n".join(made), task, ids

    def paste(self, words: str) -> float:
        """Paste the codes; returns the milliseconds to the committed answer."""
        began = time.perf_counter()
        card = self.terminal.say(words, job_number=LEADER)
        taken = time.perf_counter() - began
        if f"{CODES} 件通过" not in card.title:
            raise SystemExit(card.plain_text())
        return taken * 1000


def floor_of(url: str) -> Callable[[int, list[int]], float]:
    """Return what inserts 200 raw rows in one transaction, and takes them out again afterwards."""
    new_id = IdMaker(node=2)
    now = SystemClock().now()
    mark = "?" if is_sqlite(url) else "%s"
    said = f"INSERT INTO unit_step ({COLUMNS}) VALUES ({', '.join([mark] * 11)})"  # noqa: S608 (our own names)
    connection: Any
    if is_sqlite(url):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        when: Any = now.replace(tzinfo=None).isoformat(" ")
    else:
        connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
        when = now

    def insert(task: int, ids: list[int]) -> float:
        off = 0 if is_sqlite(url) else False
        rows = [(new_id(), it, task, 10, 99, "pass", when, "", "", off, off) for it in ids]
        began = time.perf_counter()
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        for row in rows:
            cursor.execute(said, row)
        cursor.execute("COMMIT")
        taken = time.perf_counter() - began
        cursor.execute("DELETE FROM unit_step WHERE round = 99")
        return taken * 1000

    return insert


def measure(database: str, *, runs: int) -> dict[str, Any]:
    """Paste and insert on a plant of its own; returns the promise's line."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banzhang-bench-")))
        server = stack.enter_context(postgres.running(durable=True)) if database == "postgresql" else None
        url = server.create("bulk") if server else f"sqlite:///{folder / 'bulk.db'}"
        upgrade(url)
        office = stack.enter_context(office_of(url, starting=True))
        return compare(database, office, url=url, runs=runs)


def compare(database: str, office: Office, *, url: str, runs: int) -> dict[str, Any]:
    """Paste and insert in turns; returns the promise's line."""
    bench, insert = Bench(office), floor_of(url)
    pasted, raw = [], []
    for turn in range(runs + WARMING):
        words, task, ids = bench.fresh()
        once, floor = bench.paste(words), insert(task, ids)
        if turn >= WARMING:
            pasted.append(once)
            raw.append(floor)
    return promise(database, pasted, raw)


def promise(database: str, pasted: list[float], raw: list[float]) -> dict[str, Any]:
    """Return the promise's line: the median paste against twice the median floor and 50 ms."""
    figure, floor = statistics.median(pasted), statistics.median(raw)
    limit = TWICE * floor + EXTRA_MS
    print(f"{database}: {CODES} codes {figure:.1f} ms, raw inserts {floor:.1f} ms, limit {limit:.1f} ms")
    return {
        "promise": "P7",
        "database": database,
        "figure": round(figure, 1),
        "floor": round(floor, 2),
        "limit": round(limit, 1),
        "ratio": round(figure / limit, 3),
        "unit": "ms",
        "runs": len(pasted),
        "holds": figure <= limit,
    }


def main() -> None:
    """Run from the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = options.parse_args()
    print(json.dumps(measure(given.database, runs=FEW if given.quick else RUNS)))


if __name__ == "__main__":
    main()
