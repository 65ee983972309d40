"""The shape of a table's rows: what a loader leaves out, how a row is stored, and its image in an event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.models.columns import Base, plain
from domain.store.bulk import columns, stored

Row = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """One table: the columns a loader fills, their defaults, and what turns values into what is stored."""

    table: str
    names: tuple[str, ...]
    defaults: Row
    turning: tuple[tuple[int, Callable[[Any], Any]], ...]

    @classmethod
    def of(cls, table: str, *, sqlite: bool) -> "Shape":
        """Return the shape of a table, from its model."""
        turned = stored(table, sqlite=sqlite)
        return cls(
            table=table,
            names=tuple(columns(table)),
            defaults={name: _default(table, name) for name in columns(table)},
            turning=tuple((at, turn) for at, turn in enumerate(turned) if turn),
        )

    def whole(self, row: Row) -> Row:
        """Return the row with its defaults."""
        return {**self.defaults, **row}

    def values(self, row: Row) -> tuple[Any, ...]:
        """Return a whole row's stored values, in the order of the columns."""
        values = [row[name] for name in self.names]
        for at, turn in self.turning:
            values[at] = turn(values[at])
        return tuple(values)

    def image(self, row: Row) -> Row:
        """Return a whole row as an event keeps it."""
        return {name: plain(row[name]) for name in self.names}


def _default(table: str, name: str) -> Any:
    """Return what the model says where nobody says otherwise: nobody changes it, so one will do."""
    default: Any = Base.metadata.tables[table].columns[name].default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg
