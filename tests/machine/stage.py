"""A database for every run of the machine, copied from one on which the plant has been furnished once."""

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.rules import Rules, furnish
from domain.clock import FixedClock
from domain.ids import IdMaker
from domain.playbook import Playbook
from domain.store.office import Office, open_office
from tests.conftest import SHIFT_START
from tests.machine.opening import open_plant
from tests.plants import DEMO
from tests.postgres import Server

_numbers = itertools.count(1)
NEW_ID: Final = IdMaker(node=1)


@dataclass(frozen=True)
class Database:
    """One database with its clock, which stands where the opening left it."""

    url: str
    playbook: Playbook
    clock: FixedClock
    drop: Callable[[], None]

    def open(self) -> Office:
        """Start a process on it."""
        rules = Rules(playbook=self.playbook, clock=self.clock, new_id=NEW_ID)
        return open_office(self.url, rules.setting)


class Stage:
    """Where the machine plays: gives a furnished database each time."""

    def __init__(self, playbook: Playbook, *, copy: Callable[[str], tuple[str, Callable[[], None]]]) -> None:
        self._playbook = playbook
        self._copy = copy

    def raise_curtain(self) -> Database:
        """Return a fresh database with the plant in it."""
        url, drop = self._copy(f"{next(_numbers)}")
        return Database(url, self._playbook, FixedClock(SHIFT_START), drop)


def furnished(url: str, playbook: Playbook) -> None:
    """Bring people, master data and the opening orders and lots into an empty database."""
    database = Database(url, playbook, FixedClock(SHIFT_START), drop=lambda: None)
    office = database.open()
    furnish(office, folder=DEMO, playbook=playbook, starting=True)
    open_plant(office)
    office.close()


def on_sqlite(template: Path, folder: Path, playbook: Playbook) -> Stage:
    """Return a stage of SQLite files in a folder."""
    furnished(f"sqlite:///{template}", playbook)

    def copy(name: str) -> tuple[str, Callable[[], None]]:
        place = folder / f"machine-{name}.db"
        with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(place)) as target:
            source.backup(target)
        return f"sqlite:///{place}", lambda: _remove(place)

    return Stage(playbook, copy=copy)


def _remove(place: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        place.with_name(place.name + ending).unlink(missing_ok=True)


def on_postgres(server: Server, template: str, playbook: Playbook) -> Stage:
    """Return a stage of databases on a server, copied from the one called `template`."""
    furnished(server.url(template), playbook)

    def copy(name: str) -> tuple[str, Callable[[], None]]:
        called = f"{template}_{name}"
        return server.create(called, template=template), lambda: server.drop(called)

    return Stage(playbook, copy=copy)
