"""A list of ids as one parameter: a statement that asks for many things can be prepared like any other."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import UserDefinedType

from domain.store.engines import to_json


class _Ids(UserDefinedType[list[int]]):
    """A JSON array on SQLite, an array on PostgreSQL."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Hand the list to the driver as it takes it."""
        return None if dialect.name == "postgresql" else to_json


class _Listed(FunctionElement[Any]):
    """The rows of a list."""

    inherit_cache = True


@compiles(_Listed, "sqlite")
def _json(listed: _Listed, compiler: SQLCompiler, **how: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(listed.clauses, **how)}))"  # noqa: S608 (a parameter's mark)


@compiles(_Listed, "postgresql")
def _array(listed: _Listed, compiler: SQLCompiler, **how: Any) -> str:
    return f"(SELECT unnest(CAST({compiler.process(listed.clauses, **how)} AS BIGINT[])))"


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Say that a column is one of the ids in the parameter of this name, a list."""
    listed = _Listed(bindparam(name, type_=_Ids()))
    found: ColumnElement[bool] = column.op("IN", is_comparison=True, return_type=Boolean())(listed)
    return found
