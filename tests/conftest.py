"""What every test may ask for: a fresh database of both kinds, a folder, a standing clock."""

import itertools
import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import pytest
import structlog
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page
from ruamel.yaml.nodes import Node

from domain.clock import FixedClock
from domain.playbook import source
from domain.store.migrate import upgrade
from tests import chromium, postgres

SHIFT_START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # a Monday, 08:00 in Shanghai
MOST_TEXTS: Final = 500

settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "nightly", max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "quick"))

_plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _plain])
"""A traceback with the values of everything in it takes seconds to draw, and is not what the house logs."""


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's shell reaches a test, but for where its programs are."""
    for name in os.environ:
        if name.startswith("BANZHANG_") and not name.startswith("BANZHANG_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _untraced(request: pytest.FixtureRequest) -> Iterator[None]:
    """Coverage traces no test that measures the code (`timed`), nor one that another repeats (`again`)."""
    tracer = sys.gettrace() if any(map(request.node.get_closest_marker, ("timed", "again"))) else None
    elsewhere = threading.gettrace()
    if tracer:
        sys.settrace(None)
        threading.settrace(cast("Any", None))  # which is what it is where nobody traces
    yield
    if tracer:
        sys.settrace(tracer)
        threading.settrace(cast("Any", elsewhere))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what repeats another test: tracing costs as much again as what is traced.

    A long test, or a talk, is the same on PostgreSQL as on SQLite; short ones trace that half of the store.
    """
    for item in items:
        long = item.get_closest_marker("slow") or "talks" in item.path.parts
        if long and "postgresql" in item.name:
            item.add_marker("again")


@pytest.fixture(scope="session", autouse=True)
def _parsed_once() -> Iterator[None]:
    """Parse a text once a run: most tests read a plant's files, which is most of what their start costs."""
    compose, known = source._compose, dict[str, Node]()

    def remembered(of: source.Source, text: str, *, shown: str) -> Node | None:
        node = known.get(text) or compose(of, text, shown=shown)
        if node is not None and len(known) < MOST_TEXTS:
            known[text] = node
        return node

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "_compose", remembered)
        yield


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data directory."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def clock() -> FixedClock:
    """Monday 2026-03-02, 08:00 in Shanghai, until it is moved."""
    return FixedClock(SHIFT_START)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, every test: the URL of a fresh one with the newest schema."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return the URL of a fresh SQLite file with the newest schema."""
    place = tmp_path / "banzhang.db"
    with closing(sqlite3.connect(sqlite_template)) as source, closing(sqlite3.connect(place)) as target:
        source.backup(target)
    return f"sqlite:///{place}"


@pytest.fixture
def postgres_url(postgres_server: postgres.Server, postgres_template: str) -> Iterator[str]:
    """Give the URL of a fresh PostgreSQL database with the newest schema; dropped afterwards."""
    name = f"{postgres_template}_{next(_numbers)}"
    yield postgres_server.create(name, template=postgres_template)
    postgres_server.drop(name)


@pytest.fixture
def empty_postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """Give the URL of a PostgreSQL database without any table; dropped afterwards."""
    name = f"banzhang_{os.getpid()}_empty_{next(_numbers)}"
    yield postgres_server.create(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schema, migrated once, for `sqlite_url` to copy."""
    place = tmp_path_factory.mktemp("template") / "template.db"
    upgrade(f"sqlite:///{place}")
    return place


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One PostgreSQL for this worker, started by the first test that needs it; fsync is off."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> Iterator[str]:
    """The name of a database with the schema, migrated once, for `postgres_url` to copy."""
    name = f"banzhang_{os.getpid()}"
    upgrade(postgres_server.create(name))
    yield name
    postgres_server.drop(name)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Give a headless Chromium of this test alone: its event loop must not outlive the test."""
    try:
        chromium.find()
    except chromium.NoChromium as why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(why))
    with chromium.launched(scratch=tmp_path) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Page:
    """An empty page of a person in Shanghai."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(10_000)
    return context.new_page()


_numbers = itertools.count(1)
