"""Years of a plant in seconds: one reported command of the benchmark's plant, over and over again."""

from typing import Final

from sqlalchemy import Connection, create_engine, inspect, text

OWN: Final[dict[str, dict[str, str]]] = {
    "event": {"id": "n.i"},
    "event_subject": {"event_id": "n.i"},
}
"""What is a copy's own, by table; the ids are lower than all of ours, as if it had been long ago."""
WHICH: Final = {"event": "type = 'work.reported'", "event_subject": "kind = 'operation_task'"}


def add(url: str, *, events: int) -> None:
    """Add so many commands of the past: what happened, and to what."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in OWN:
            _copy(connection, table, times=events)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _copy(connection: Connection, table: str, *, times: int) -> None:
    names = [column["name"] for column in inspect(connection).get_columns(table)]
    values = ", ".join(OWN[table].get(name, f"one.{name}") for name in names)
    series = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :times)"
    one = f"(SELECT * FROM {table} WHERE {WHICH[table]} LIMIT 1) AS one"  # noqa: S608 (names of ours)
    copies = f"{series} SELECT {values} FROM n, {one}"  # noqa: S608 (names of ours)
    done = connection.execute(
        text(f"INSERT INTO {table} ({', '.join(names)}) {copies}"),
        {"times": times},
    )
    assert done.rowcount in (times, -1), f"{table}: there is nothing to copy"
