"""Rows of several tables inserted by one statement: each trip to another process counts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Insert, Table, bindparam
from sqlalchemy.dialects import postgresql

from domain.store.prepared import Compiled, compiled, execute

MOST: Final = 12
"""Rows in one statement: what one message writes; each number of rows is a statement of its own."""
Rows = Sequence[Mapping[str, Any]]
Shape = tuple[tuple[str, int, tuple[str, ...]], ...]
"""Of each table its name, how many rows, and their columns."""


class PreparedTogether:
    """Inserts into several tables as parts of one statement, whose keys are checked at its end.

    PostgreSQL only. `same` names, by table, the columns by which a row is the same one again and is left out.
    """

    def __init__(self, tables: Mapping[str, Table], *, same: Mapping[str, Sequence[str]]) -> None:
        self._tables, self._same = tables, same
        self._made: dict[Shape, Compiled] = {}

    def run(self, connection: Connection, rows: Mapping[str, Rows]) -> None:
        """Insert the rows of every table; all rows of one name the same columns."""
        shape = tuple((name, len(them), tuple(them[0])) for name, them in rows.items() if them)
        if shape not in self._made:
            self._made[shape] = compiled(self._statement(shape), connection.dialect)
        execute(connection, self._made[shape], dict(_values(rows)))

    def _statement(self, shape: Shape) -> Insert:
        *first, last = (self._insert(*part) for part in shape)
        names = (name for name, _count, _columns in shape)
        parts = [insert.cte(f"new_{name}") for insert, name in zip(first, names, strict=False)]
        return last.add_cte(*parts)

    def _insert(self, name: str, count: int, columns: Sequence[str]) -> postgresql.Insert:
        table = self._tables[name]
        rows = [
            {it: bindparam(_parameter(name, place, it), type_=table.c[it].type) for it in columns}
            for place in range(count)
        ]
        insert = postgresql.insert(table).values(rows)
        return (
            insert.on_conflict_do_nothing(index_elements=self._same[name]) if name in self._same else insert
        )


def _values(rows: Mapping[str, Rows]) -> Iterator[tuple[str, Any]]:
    for name, them in rows.items():
        for place, row in enumerate(them):
            for column, value in row.items():
                yield _parameter(name, place, column), value


def _parameter(table: str, place: int, column: str) -> str:
    return f"{table}_{place}_{column}"
