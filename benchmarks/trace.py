"""P4: the trace of a lot in both directions, beside the bare recursive query on the same database.

`python -m benchmarks.trace [--quick] [--database sqlite|postgresql] [--events N] [--keep FOLDER]`

A plant is grown by the generator of `banzhang load`: 20 million events, 10 million edges (--quick: 400
thousand events; --keep: one that was kept by this or by `benchmarks.growth`). Asked for in turns are lots in
a thousand pieces of five orders, each for the first time in this run; lots in 28,000 pieces; boxes, which
were made of something. Product: `domain.queries.trace.trace`, everything that the answer's card says. Bare:
the driver alone, one recursive query for each direction: which things are reached, its rows fetched and
dropped; how near each is, how sure, what it is called and how much of it went where is the product's own.
The promise is of lots: what a box takes is told, and decides nothing. So is the ratio of the processor's time
alone, which says more where other programs run.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
from sqlalchemy import func, make_url, select

from benchmarks.asking import asked_of_grown
from benchmarks.grown import grow, office_of, places
from bot.load.plant import PARTS
from domain.models.container import Container
from domain.models.lot import Lot
from domain.models.material import Material
from domain.queries import trace
from domain.store.engines import is_sqlite
from domain.store.office import Office
from domain.work import Work

SLOWER: Final = 2.0
AIMS: Final = {"lot": 10.0, "wide": 300.0}
ALL, SOME = 20_250_000, 400_000
TIMES: Final = {"lot": 40, "wide": 5, "box": 40}
BARE: Final = """
with recursive way(kind, ref) as (
  select cast({kind} as varchar(12)), cast({ref} as bigint)
  union
  select edge.{there}_kind, edge.{there}_id from edge
  join way on edge.{here}_kind = way.kind and edge.{here}_id = way.ref
  where edge.ended_at is null and not edge.void
)
select kind, ref from way
"""
LOTS: Final = ("lot", "wide")
Asked = dict[str, list[tuple[str, int, str]]]
"""What is asked for by name: kind, id, code."""


class Taken(NamedTuple):
    """How long something took, in seconds, and how much of that this process wanted the processor."""

    seconds: float
    processor: float


class Turn(NamedTuple):
    """One question to both, and how many things are reached."""

    product: Taken
    bare: Taken
    reached: int

    def ratio(self, of: str) -> float:
        """Return how many times as long as the bare query the product took."""
        return float(getattr(self.product, of) / getattr(self.bare, of))


def to_ask(work: Work) -> Asked:
    """Return lots of the part that serves few orders, of the one that serves most, and boxes."""
    exact = sorted((it for it in PARTS if it.orders > 1), key=lambda it: it.orders)
    served = {"lot": exact[0].code, "wide": max(PARTS, key=lambda it: it.orders).code}
    asked: Asked = {}
    for name, code in served.items():
        query = select(Lot.id, Lot.code).join(Material, Material.id == Lot.material_id)
        rows = work.session.execute(query.where(Material.code == code).order_by(Lot.id)).all()
        asked[name] = [("lot", ref, called) for ref, called in _spread(rows, TIMES[name])]
    count = work.session.scalar(select(func.count()).select_from(Container)) or 0
    every = max(1, count // TIMES["box"])
    boxes = [
        work.session.execute(
            select(Container.id, Container.code).order_by(Container.id).offset(at).limit(1)
        ).one()
        for at in range(0, count, every)
    ]
    asked["box"] = [("container", ref, called) for ref, called in boxes[: TIMES["box"]]]
    return asked


def _spread(rows: Sequence[Any], count: int) -> Sequence[Any]:
    return rows[:: max(1, len(rows) // count)][:count]


@contextmanager
def bare(url: str) -> Iterator[Callable[[str, int], int]]:
    """Give what walks both ways from (kind, id) without any of us, and returns the rows it was given."""
    if is_sqlite(url):
        import sqlite3  # noqa: PLC0415 (the floor: the driver alone)

        connection: Any = sqlite3.connect(str(make_url(url).database))
        marks = {"kind": "?", "ref": "?"}
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        marks = {"kind": "%s", "ref": "%s"}
    ways = [
        BARE.format(here=here, there=there, **marks)
        for here, there in (("parent", "child"), ("child", "parent"))
    ]
    with closing(connection):
        yield lambda kind, ref: sum(len(connection.execute(way, (kind, ref)).fetchall()) for way in ways)


def measure(database: str, *, events: int, keep: Path | None) -> dict[str, Any]:
    """Grow the plant unless it was kept, ask in turns; returns the promise's line."""
    with ExitStack() as stack:
        url = stack.enter_context(places(database, keep=keep))(events)
        grow(url, events=events)
        office = stack.enter_context(office_of(url))
        walk = stack.enter_context(bare(url))
        return promise(database, ask(office, walk), events=events)


def ask(office: Office, walk: Callable[[str, int], int]) -> dict[str, list[Turn]]:
    """Ask for everything, product and bare query in turns."""
    found: dict[str, list[Turn]] = {}
    for name, things in office.read(to_ask).result().items():
        for turn, (kind, ref, code) in enumerate(things):
            product = partial(_answer, office, code=code)
            floor = partial(walk, kind, ref)
            if turn % 2:  # who is second finds pages read
                (ours, _said), (bare, reached) = _timed(product), _timed(floor)
            else:
                (bare, reached), (ours, _said) = _timed(floor), _timed(product)
            found.setdefault(name, []).append(Turn(ours, bare, reached))
    return found


def _answer(office: Office, *, code: str) -> int:
    """Let the product answer; returns how many kinds of things the answer has."""
    said = office.read(partial(trace.trace, code=code)).result()
    return len(said.went_into.reached) + len(said.made_from.reached)


def _timed(job: Callable[[], int]) -> tuple[Taken, int]:
    began, used = time.perf_counter(), time.process_time()
    count = job()
    return Taken(time.perf_counter() - began, time.process_time() - used), count


def promise(database: str, found: dict[str, list[Turn]], *, events: int) -> dict[str, Any]:
    """Print the figures and return the promise's line; the server of PostgreSQL is another process."""
    measures = ("seconds", "processor") if database == "sqlite" else ("seconds",)
    ratios: dict[str, dict[str, float]] = {of: {} for of in measures}
    figures = {}
    for name, turns in found.items():
        ours, floor = (
            statistics.median(getattr(it, who).seconds for it in turns) for who in ("product", "bare")
        )
        figures[name] = round(ours * 1000, 1)
        for of in measures:
            ratios[of][name] = round(statistics.median(it.ratio(of) for it in turns), 2)
        told = ", ".join(f"{ratios[of][name]:.2f} x of {of}" for of in measures)
        reached = round(statistics.median(it.reached for it in turns))
        lasted = f"{ours * 1000:7.1f} ms, bare {floor * 1000:7.1f} ms"
        print(f"{database} {name:5} {lasted}, {told} ({reached:,} things)")
    worst = max(ratios["seconds"][name] for name in LOTS)
    return {"promise": "P4", "database": database, "figure": figures["wide"], "ratio": worst, "unit": "ms",
            "runs": sum(map(len, found.values())), "events": events, "ratios": ratios, "figures_ms": figures,
            "aims_ms": AIMS, "holds": worst <= SLOWER}  # fmt: skip


def main() -> None:
    """Measure what was asked for; the last line is JSON."""
    said = asked_of_grown(__doc__, some=SOME, many=ALL)
    kept = partial(measure, events=said.events, keep=said.keep)
    print(json.dumps({"promises": [kept(name) for name in said.databases]}))


if __name__ == "__main__":
    main()
