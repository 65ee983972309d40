"""Freezing a lot with 100,000 descendants while others write: a derived rule against a set-based write.

`python -m benchmarks.holds [--quick] [--database sqlite|postgresql|both] [--json]`

One lot went into 1,000 orders, which made 99,000 pieces. Two ways to hold all of it in the same instant:

* derived (ours): one row; who asks walks up from the thing to what is held (`domain/queries/holds.py`).
* set-based: one statement that follows the same edges down and marks every order and piece.

Meanwhile four others receive lots through the same office, and (PostgreSQL) mark pieces among the
descendants. The figure is the longest that one of them waited, the median of the runs; beside it the same
where nobody holds anything (`idle`: what the machine itself does to them), and what the derived rule costs
where it is asked: of a piece, of a box of 100 pieces, and of a piece where nothing is held at all. ADR 0007.
"""

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Table, insert, select, text
from sqlalchemy.exc import OperationalError

from benchmarks.asking import asked
from bot.rules import Rules, furnish
from domain.actions import holds, lots
from domain.clock import SystemClock
from domain.ids import IdMaker
from domain.models.genealogy import Confidence, Edge, How
from domain.models.lot import Lot
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import OrderStatus, WorkOrder
from domain.queries.holds import holds_over
from domain.store import migrate
from domain.store.office import Office, open_office
from domain.work import Work
from tests import postgres
from tests.plants import DEMO, demo

FLOOR_MS: Final = 100.0
ORDERS: Final = 1_000
OTHERS: Final = 4
MARK: Final = """
with recursive down(kind, ref) as (
  select cast('lot' as varchar(12)), cast(:lot as bigint)
  union
  select edge.child_kind, edge.child_id from edge
  join down on edge.parent_kind = down.kind and edge.parent_id = down.ref
  where edge.ended_at is null and not edge.void
)
update {table} set reason = 'held' where id in (select ref from down where kind = :kind)
"""


@dataclass
class Measured:
    """Milliseconds: what the others waited at most while each way held, and what asking costs."""

    waits: dict[str, list[float]] = field(default_factory=lambda: {"derived": [], "marked": [], "idle": []})
    took: dict[str, list[float]] = field(default_factory=lambda: {"derived": [], "marked": []})
    asking: dict[str, float] = field(default_factory=dict)


def main() -> None:
    """Measure what was asked for; the last line is JSON."""
    names, quick = asked(__doc__)
    print(json.dumps({"promises": [measure(name, quick=quick) for name in names]}))


def measure(database: str, *, quick: bool) -> dict[str, Any]:
    """Return the promise's figures on one database."""
    units, runs = (9_000, 3) if quick else (99_000, 7)
    with _office(database) as office:
        lot, boxed = _grow(office, units=units)
        found = _measure(office, lot, boxed, runs=runs)
    longest = {way: statistics.median(found.waits[way]) for way in found.waits}
    took = {way: statistics.median(found.took[way]) for way in found.took}
    return {
        "promise": "hold",
        "database": database,
        "descendants": units + ORDERS,
        "figure": round(longest["derived"], 1),
        "floor": FLOOR_MS,
        "ratio": round(longest["derived"] / FLOOR_MS, 3),
        "unit": "ms the longest other write waited",
        "runs": runs,
        "set_based": round(longest["marked"], 1),
        "idle": round(longest["idle"], 1),
        "took": {way: round(it, 1) for way, it in took.items()},
        "asking": {name: round(it, 3) for name, it in found.asking.items()},
        "holds": longest["derived"] <= max(FLOOR_MS, 2 * longest["idle"]),
    }


@contextmanager
def _office(database: str) -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder, _url(database, Path(folder)) as url:
        migrate.upgrade(url)
        rules = Rules(playbook=demo(), clock=SystemClock(), new_id=IdMaker(node=1))
        office = open_office(url, rules.setting)
        try:
            furnish(office, folder=DEMO, playbook=rules.playbook, starting=True)
            yield office
        finally:
            office.close()


@contextmanager
def _url(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'plant.db'}"
        return
    with postgres.running(durable=True) as server:
        yield server.create("holds")


def _grow(office: Office, *, units: int) -> tuple[int, int]:
    """Write the lot's descendants; returns the ids of the lot and of a box of its pieces."""

    def write(work: Work) -> tuple[int, int]:
        lot = work.session.scalars(select(Lot).where(Lot.code == "LOT-0001")).one()
        product = work.session.scalars(select(WorkOrder).where(WorkOrder.code == "WO-1001")).one().product_id
        orders = [_order(work, product, at) for at in range(ORDERS)]
        pieces = [_unit(work, product, orders[at % ORDERS]["id"], at) for at in range(units)]
        edges = [_edge(work, ("lot", lot.id), ("order", it["id"])) for it in orders]
        edges += [_edge(work, ("order", it["order_id"]), ("unit", it["id"])) for it in pieces]
        box = work.new_id()
        edges += [_edge(work, ("unit", it["id"]), ("container", box), how=How.PACKED) for it in pieces[:100]]
        for model, rows in ((WorkOrder, orders), (Unit, pieces), (Edge, edges)):
            work.connection.execute(insert(cast("Table", model.__table__)), rows)
        return lot.id, box

    return office.write(write).result()


def _order(work: Work, product: int, at: int) -> dict[str, Any]:
    return {
        "id": work.new_id(),
        "site_id": work.site_id,
        "code": f"WO-B{at}",
        "product_id": product,
        "quantity": Decimal(100),
        "unit": "个",
        "priority": 5,
        "line": "L2",
        "status": OrderStatus.RUNNING,
        "reason": "",
        "void": False,
    }


def _unit(work: Work, product: int, order: int, at: int) -> dict[str, Any]:
    return {
        "id": work.new_id(),
        "site_id": work.site_id,
        "code": f"SN-B{at}",
        "product_id": product,
        "order_id": order,
        "status": UnitStatus.DONE,
        "sequence": 40,
        "made_at": work.now,
        "void": False,
    }


def _edge(
    work: Work, parent: tuple[str, int], child: tuple[str, int], *, how: How = How.MADE
) -> dict[str, Any]:
    return {
        "id": work.new_id(),
        "site_id": work.site_id,
        "parent_kind": parent[0],
        "parent_id": parent[1],
        "child_kind": child[0],
        "child_id": child[1],
        "how": how,
        "quantity": Decimal(1),
        "unit": "个",
        "operation": "",
        "confidence": Confidence.SHARED,
        "made_at": work.now,
        "void": False,
    }


def _measure(office: Office, lot: int, box: int, *, runs: int) -> Measured:
    found = Measured()
    piece = office.read(lambda work: work.session.scalars(select(Unit.id).limit(1)).one()).result()
    found.asking["nothing held"] = _asking(office, "unit", piece)
    for _ in range(runs):
        with _others(office) as waits:
            time.sleep(0.1)
        found.waits["idle"].append(max(waits))
        with _others(office) as waits:
            found.took["derived"].append(_timed(office, partial(holds.hold, code="LOT-0001", reason="试")))
        found.waits["derived"].append(max(waits))
        found.asking |= {"piece": _asking(office, "unit", piece), "box": _asking(office, "container", box)}
        office.write(partial(holds.lift, code="LOT-0001")).result()
        with _others(office) as waits:
            found.took["marked"].append(_timed(office, partial(_mark, lot=lot)))
        found.waits["marked"].append(max(waits))
    return found


def _mark(work: Work, *, lot: int) -> None:
    """Mark every descendant by set-based writes, as the other way would."""
    for kind, table in (("order", "work_order"), ("unit", "unit")):
        work.connection.execute(text(MARK.format(table=table)), {"lot": lot, "kind": kind})


def _timed(office: Office, job: Callable[[Work], Any]) -> float:
    """Return the milliseconds of a write, also of one that gave up waiting for a lock (PostgreSQL)."""
    began = time.perf_counter()
    with suppress(OperationalError):
        office.write(job).result()
    return 1000 * (time.perf_counter() - began)


def _asking(office: Office, kind: str, ref: int) -> float:
    """Return the milliseconds of one question in the middle of a hundred."""

    def ask(work: Work) -> float:
        took = []
        for _ in range(100):
            began = time.perf_counter()
            holds_over(work, kind=kind, ref=ref)
            took.append(1000 * (time.perf_counter() - began))
        return statistics.median(took)

    return office.read(ask).result()


@contextmanager
def _others(office: Office) -> Iterator[list[float]]:
    """Let others write before, while and after the block; gives what each of their writes waited."""
    waits: list[float] = []
    over = threading.Event()

    def writer(place: int) -> None:
        at = 0
        while not over.is_set():
            at += 1
            job = _touch if place % 2 else partial(_receive, number=f"B{place}-{time.monotonic_ns()}")
            waits.append(_timed(office, job))

    threads = [threading.Thread(target=writer, args=(place,)) for place in range(OTHERS)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    waits.clear()  # of the threads' own start
    try:
        yield waits
    finally:
        time.sleep(0.2)
        over.set()
        for thread in threads:
            thread.join()


def _receive(work: Work, *, number: str) -> None:
    lots.receive(work, material="PR-PT100", lot_no=number, quantity=Decimal(1))


def _touch(work: Work) -> None:
    """Change a piece among the descendants, as a scan of it does."""
    work.connection.execute(
        text("update unit set sequence = sequence where code = :code"),
        {"code": f"SN-B{time.monotonic_ns() % 9000}"},
    )


if __name__ == "__main__":
    main()
