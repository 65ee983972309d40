"""Everything that is true at one moment, read table by table: what the invariants look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select

from domain.models.columns import Base
from domain.models.journal import MACHINERY, Event
from domain.work import Work

Rows = dict[Any, Row[Any]]
Thing = tuple[str, int]
TABLES: Final = {table.name: table for table in Base.metadata.sorted_tables if table.name not in MACHINERY}


@dataclass(frozen=True)
class Snapshot:
    """The rows of every table of state by primary key; the events since the snapshot before, and all."""

    at: datetime
    tables: dict[str, Rows]
    events: Sequence[Row[Any]]
    journal: Sequence[Row[Any]]

    def living(self, table: str) -> list[Row[Any]]:
        """Return the rows of a table that are not void, oldest first."""
        return [row for row in self.tables[table].values() if not row.void]

    def row(self, table: str, ref: int | None) -> Row[Any] | None:
        """Return a row by id, None where there is none or it is void."""
        found = self.tables[table].get(ref)
        return None if found is None or getattr(found, "void", False) else found

    def edges(self) -> Iterator[Row[Any]]:
        """Yield the edges of genealogy that are neither void nor ended."""
        return (edge for edge in self.living("edge") if edge.ended_at is None)


def read(work: Work, *, known: Sequence[Row[Any]]) -> Snapshot:
    """Read it all; of the journal what is younger than what is known."""
    tables = {}
    for name, table in TABLES.items():
        keys = [column.name for column in table.primary_key]
        rows = work.session.execute(select(table).order_by(*table.primary_key)).all()
        if keys == ["id"]:
            tables[name] = {row.id: row for row in rows}
        else:
            tables[name] = {tuple(getattr(row, key) for key in keys): row for row in rows}
    journal = Event.__table__
    after = known[-1].id if known else 0
    events = work.session.execute(select(journal).where(journal.c.id > after).order_by(journal.c.id)).all()
    return Snapshot(at=work.now, tables=tables, events=events, journal=[*known, *events])


def differences(one: Snapshot, other: Snapshot) -> list[str]:
    """Name the tables in which two moments differ."""
    return [name for name, rows in one.tables.items() if rows != other.tables[name]]


def new(before: Snapshot, now: Snapshot, table: str) -> Iterator[Any]:
    """Yield the living rows that were not there before, void ones that are made living again among them."""
    for row in now.living(table):
        if before.row(table, row.id) is None:
            yield row


def fresh(before: Snapshot, now: Snapshot, table: str) -> Iterator[Any]:
    """Yield the living rows that have been made in this step."""
    return (row for row in new(before, now, table) if row.id not in before.tables[table])


def moved(before: Snapshot, now: Snapshot, table: str) -> Iterator[tuple[Any, Any]]:
    """Yield (row before, row after) of what has another status now; what an undo has restored is left out."""
    undone = {
        int(key)
        for event in now.events
        if event.void_of
        for key in event.after.get(table, {})
        if key.isdecimal()
    }
    for ref, row in now.tables[table].items():
        was = before.tables[table].get(ref)
        if was is not None and was.status != row.status and ref not in undone:
            yield was, row
