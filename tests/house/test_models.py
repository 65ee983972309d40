"""Statuses, tables of moves, relationships and migrations say the same thing."""

import importlib
import pkgutil
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import domain.models
from domain.models.columns import Base
from domain.models.moves import Moving
from domain.store import version
from domain.store.migrate import differences

for module in pkgutil.walk_packages(domain.models.__path__, "domain.models."):
    importlib.import_module(module.name)

MOVING: list[Any] = sorted(Moving.__subclasses__(), key=lambda kind: kind.__name__)


def test_migrations_from_empty_equal_the_models(database_url: str) -> None:
    assert not differences(database_url)


def test_the_newest_version_is_the_end_of_the_line(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(version.FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [version.newest()]
    assert version.is_newest(database_url)


@pytest.mark.parametrize("kind", MOVING)
def test_every_status_stands_in_the_table(kind: type[Moving]) -> None:
    assert set(kind.MOVES) == set(_statuses(kind))


@pytest.mark.parametrize("kind", MOVING)
def test_every_status_can_be_reached(kind: type[Moving]) -> None:
    unreachable = set(kind.MOVES) - reachable(kind.MOVES, starts=_starts(kind))
    assert not unreachable


def test_an_island_is_seen() -> None:
    assert reachable({"new": {"done"}, "done": set(), "island": {"done"}}, starts=["new"]) == {"new", "done"}


def test_nothing_loads_lazily() -> None:
    relations = [relation for mapper in Base.registry.mappers for relation in inspect(mapper).relationships]
    assert [relation for relation in relations if relation.lazy != "raise"] == []


def test_a_unique_key_knows_its_site() -> None:
    """Two plants may use one number: `site_id` is in every unique key of a table that has one."""
    wrong = [
        f"{table.name}: {[column.name for column in index.columns]}"
        for table in Base.metadata.tables.values()
        if "site_id" in table.columns
        for index in table.indexes
        if index.unique and "site_id" not in index.columns
    ]
    assert not wrong


def reachable(moves: Mapping[Any, Any], *, starts: list[Any]) -> set[Any]:
    """Every status that some path of moves leads to."""
    seen: set[Any] = set()
    waiting = list(starts)
    while waiting:
        status = waiting.pop()
        if status not in seen:
            seen.add(status)
            waiting.extend(moves[status])
    return seen


def _statuses(kind: type[Moving]) -> type[StrEnum]:
    found = type(next(iter(kind.MOVES)))
    assert issubclass(found, StrEnum)
    return found


def _starts(kind: Any) -> list[Any]:
    """Where a new row may stand: the column's default, else the first line of the table."""
    default = kind.__table__.columns["status"].default
    return [default.arg if default is not None else next(iter(kind.MOVES))]
