"""Statements of the hot path: Core writes and types them once, the driver runs them.

SQLAlchemy spends 30 µs on every execution of a Core statement and 90 µs on an ORM one (cache key, context,
result), where the database itself needs 5. Every message runs a dozen, so these go by the short way: text and
type processors of a statement are kept for each dialect. Nothing of the unit of work takes part: a job that
has changed mapped objects flushes first.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from domain.work import Work

Process = Callable[[Any], Any]


@dataclass(frozen=True)
class Compiled:
    """A statement for one dialect: its text, and what values pass through on their way in and out."""

    text: str
    pick: Callable[[Mapping[str, Any]], Any]
    fixed: Mapping[str, Any]
    inward: tuple[tuple[str, Process], ...]
    row: Callable[[Iterable[Any]], Any] | None
    outward: tuple[tuple[int, Process], ...]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return what the driver takes for these values."""
        if not self.fixed and not self.inward:
            return self.pick(values)
        given = {**self.fixed, **values}
        for name, process in self.inward:
            given[name] = process(given[name])
        return self.pick(given)

    def rows(self, cursor: Any) -> list[Any]:
        """Return the rows of an executed cursor, as tuples with names."""
        assert self.row is not None  # noqa: S101 (asked of statements that return rows only)
        return [self.row(self._read(raw)) for raw in cursor.fetchall()]

    def plain(self, cursor: Any) -> list[Sequence[Any]]:
        """Return the rows of an executed cursor, as values alone."""
        return [self._read(raw) for raw in cursor.fetchall()]

    def _read(self, raw: tuple[Any, ...]) -> Sequence[Any]:
        if not self.outward:
            return raw
        values = list(raw)
        for place, process in self.outward:
            if values[place] is not None:
                values[place] = process(values[place])
        return values


def compiled(statement: Any, dialect: Dialect, *, columns: Sequence[str] | None = None) -> Compiled:
    """Compile a statement without expanding parameters (no IN over a list)."""
    made: SQLCompiler = statement.compile(dialect=dialect, column_keys=columns)
    names = list(made.positiontup or ()) if made.positional else list(set(made.bind_names.values()))
    binds = {name: made.binds[name] for name in names}
    inward = {name: it.type.dialect_impl(dialect).bind_processor(dialect) for name, it in binds.items()}
    fixed = {name: it.effective_value for name, it in binds.items() if not it.required}
    returned = list(getattr(statement, "exported_columns", ()))
    results = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in returned]
    return Compiled(
        text=str(made),
        pick=_in_order(names) if made.positional else dict,
        fixed={name: process(it) if (process := inward[name]) else it for name, it in fixed.items()},
        inward=tuple((name, process) for name, process in inward.items() if process and name not in fixed),
        row=_row([column.key for column in returned]) if returned else None,
        outward=tuple((place, process) for place, process in enumerate(results) if process),
    )


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Any]:
    if len(names) == 1:
        return lambda values: (values[names[0]],)
    return itemgetter(*names) if names else lambda _values: ()


def _row(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    made: Any = namedtuple("Row", names)  # type: ignore[misc] # noqa: PYI024 (known at run time only)
    return made._make


def execute(connection: Connection, made: Compiled, values: Mapping[str, Any]) -> Any:
    """Execute in the connection's transaction; returns the driver's cursor. Raises SQLAlchemy's errors."""
    parameters = made.parameters(values)
    try:
        return _cursor(connection, made.text).execute(made.text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrapped(error, made.text, parameters=parameters, dialect=connection.dialect) from error


def say(connection: Connection, text: str, **how: Any) -> None:
    """Execute a command that has neither parameters nor rows, `how` the driver takes it."""
    try:
        _cursor(connection, text).execute(text, **how)
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrapped(error, text, parameters=None, dialect=connection.dialect) from error


def _cursor(connection: Connection, text: str) -> Any:
    """Return the cursor that is kept for this statement as long as the driver's connection lives.

    psycopg learns the types of a statement with every new cursor: 50 of the 75 µs that an execution takes.
    """
    kept: dict[str, Any] = connection.info.setdefault("cursors", {})
    if text not in kept:
        kept[text] = connection.connection.cursor()
    return kept[text]


def wrapped(error: Exception, text: str, *, parameters: Any, dialect: Dialect) -> BaseException:
    """Return a driver's error as SQLAlchemy would have raised it, without what people said."""
    return DBAPIError.instance(
        text, parameters, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    )


class Prepared:
    """A statement with named parameters, made once at import."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._reads = statement.is_select
        self._made: dict[str, Compiled] = {}

    def all(self, work: Work, **values: Any) -> list[Any]:
        """Return every row, as tuples with names."""
        if not self._reads:
            work.will_change()
        made = self._for(work.connection.dialect)
        return made.rows(execute(work.connection, made, values))

    def plain(self, work: Work, **values: Any) -> list[Sequence[Any]]:
        """Return the values of every row of a SELECT, in the order of its columns."""
        made = self._for(work.connection.dialect)
        return made.plain(execute(work.connection, made, values))

    def first(self, work: Work, **values: Any) -> Any:
        """Return the first row, or None."""
        found = self.all(work, **values)
        return found[0] if found else None

    def run(self, work: Work, **values: Any) -> int:
        """Change rows; returns how many."""
        work.will_change()
        return self.change(work.connection, **values)

    def change(self, connection: Connection, **values: Any) -> int:
        """Change rows where there is no `Work`; returns how many."""
        return int(execute(connection, self._for(connection.dialect), values).rowcount)

    def change_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Change rows with each of these values, in one go of the driver's; returns how many in all."""
        made = self._for(connection.dialect)
        parameters = [made.parameters(row) for row in rows]
        cursor = _cursor(connection, made.text)
        try:
            cursor.executemany(made.text, parameters)
        except connection.dialect.loaded_dbapi.Error as error:
            raise wrapped(error, made.text, parameters=parameters, dialect=connection.dialect) from error
        return int(cursor.rowcount)

    def _for(self, dialect: Dialect) -> Compiled:
        if dialect.name not in self._made:
            self._made[dialect.name] = compiled(self._statement, dialect)
        return self._made[dialect.name]


class PreparedInsert:
    """Inserts of many rows into one table; one whose values in the columns `same` are there is left out.

    Where a column `adds`, what it brings is added to the row that is there.
    """

    def __init__(self, table: Table, *, same: Sequence[str] = (), adds: str = "") -> None:
        self._table, self._same, self._adds = table, same, adds
        self._made: dict[tuple[str, ...], Compiled] = {}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows, all of which name the same columns."""
        made = self._for(connection.dialect, rows[0])
        parameters = [made.parameters(row) for row in rows]
        try:
            _cursor(connection, made.text).executemany(made.text, parameters)
        except connection.dialect.loaded_dbapi.Error as error:
            raise wrapped(error, made.text, parameters=parameters, dialect=connection.dialect) from error

    def _for(self, dialect: Dialect, row: Mapping[str, Any]) -> Compiled:
        key = (dialect.name, *row)
        if key not in self._made:
            self._made[key] = compiled(self._statement(dialect), dialect, columns=list(row))
        return self._made[key]

    def _statement(self, dialect: Dialect) -> Insert:
        statement = (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(self._table)
        if self._adds:
            more = {self._adds: self._table.c[self._adds] + statement.excluded[self._adds]}
            return statement.on_conflict_do_update(index_elements=self._same, set_=more)
        return statement.on_conflict_do_nothing(index_elements=self._same) if self._same else statement
