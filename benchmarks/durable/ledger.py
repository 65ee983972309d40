"""What stands in a database after a run: rows and their size by table, and the sums of the orders."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, create_engine, inspect, text

from benchmarks.durable.plant import ALL, OPENING
from benchmarks.durable.rows import MICRO

TABLES: Final = ("inbox", "event", "event_subject", "outbox")
LIKE: Final = 0.02
"""How far the mean size of a row may differ."""


@dataclass(frozen=True)
class Ledger:
    """Rows a command, mean characters of a row, by table; and the pieces a command added to the orders."""

    rows: dict[str, float]
    size: dict[str, float]
    pieces: float


def read(url: str, *, commands: int, prefix: str = "") -> Ledger:
    """Count what the senders' commands left: everything that hangs on a message."""
    engine = create_engine(url)
    with engine.connect() as db:
        counted = {table: _count(db, f"{prefix}{table}", table) for table in TABLES}
        pieces = db.execute(text("SELECT sum(good + scrap) FROM operation_task")).scalar_one()
    engine.dispose()
    return Ledger(
        {table: rows / commands for table, (rows, _) in counted.items()},
        {table: size for table, (_, size) in counted.items()},
        (pieces / MICRO - OPENING * len(ALL)) / commands,
    )


def _count(db: Connection, name: str, table: str) -> tuple[int, float]:
    columns = [it["name"] for it in inspect(db).get_columns(name)]
    length = " + ".join(f"coalesce(length(cast({column} as text)), 0)" for column in columns)
    events = f"{name.removesuffix('_subject')}"
    heard = f"(SELECT id FROM {events} WHERE message IS NOT NULL)"  # noqa: S608 (names of ours)
    only = {"event": f"WHERE id IN {heard}", "event_subject": f"WHERE event_id IN {heard}"}.get(table, "")
    query = f"SELECT count(*), avg({length}) FROM {name} {only}"  # noqa: S608 (names of ours)
    found = db.execute(text(query)).one()
    return int(found[0]), float(found[1] or 0)


def equal(ours: Ledger, theirs: Ledger, *, like: float = LIKE) -> None:
    """Hold that two ways wrote the same rows of the same size for a command, and reported the same pieces."""
    assert ours.rows == theirs.rows, (ours.rows, theirs.rows)
    assert ours.pieces == theirs.pieces, (ours.pieces, theirs.pieces)
    for table in TABLES:
        ratio = ours.size[table] / theirs.size[table]
        assert abs(ratio - 1) <= like, f"{table}: {ours.size[table]:.0f} against {theirs.size[table]:.0f}"
