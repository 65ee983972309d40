"""Plants with a past, grown by the generator of `banzhang load`; where they stay, the next run finds them.

One on SQLite stays in the folder that is named on the command line, one on PostgreSQL on the server that
BANZHANG_TEST_POSTGRES_URL names; what nobody names a place for is gone with the run.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from rich.progress import track

from bot.load.loading import load, prepare
from bot.load.plant import Size
from bot.rules import Rules, furnish
from domain.actions import orders, release
from domain.clock import SystemClock
from domain.ids import IdMaker
from domain.playbook import load as load_playbook
from domain.store import claims
from domain.store.migrate import upgrade
from domain.store.office import Office, open_office
from domain.work import Work
from tests import postgres
from tests.plants import DEMO

EVENTS_AN_ORDER: Final = 2_025
ORDER: Final = "WO-7001"
GROWN: Final = "grown"
Place = Callable[[int], str]
"""Returns the URL at which the plant of so many events is, or may be grown."""


@contextmanager
def places(database: str, *, keep: Path | None) -> Iterator[Place]:
    """Give the places of plants on a database."""
    with ExitStack() as stack:
        if database == "postgresql":
            yield partial(_on, stack.enter_context(postgres.running(durable=True)))
        else:
            folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banzhang-bench-")))
            yield lambda events: f"sqlite:///{folder / f'{events}.db'}"


def _on(server: postgres.Server, events: int) -> str:
    name = f"grown{events}"
    return server.url(name) if server.has(name) else server.create(name)


def grow(url: str, *, events: int) -> int:
    """Grow a plant of about so many events, unless there is one; returns its orders."""
    count = max(1, round(events / EVENTS_AN_ORDER))
    began = time.monotonic()
    upgrade(url)
    with office_of(url) as office:
        if office.read(partial(claims.setting, name=GROWN)).result():
            return count
    with office_of(url, starting=True) as office:
        known = prepare(office)
        office.write(_open_order).result()
    size = Size(orders=count)
    steps = load(url, known, size)
    for _ in track(
        steps, description=f"{events:,} events", total=size.steps, disable=not sys.stderr.isatty()
    ):
        pass
    with office_of(url) as office:
        office.write(partial(claims.put_setting, name=GROWN, value={"events": events})).result()
    print(f"{events:,} events, {count:,} orders: grown in {time.monotonic() - began:,.0f} s")
    return count


def _open_order(work: Work) -> None:
    orders.draft(work, product="TS-300", quantity=Decimal(10_000), code=ORDER)
    release.release(work, order=ORDER)
    orders.start(work, order=ORDER)


@contextmanager
def office_of(url: str, *, starting: bool = False) -> Iterator[Office]:
    """Open a plant's office as one node does."""
    rules = Rules(playbook=load_playbook(DEMO), clock=SystemClock(), new_id=IdMaker(node=1))
    office = open_office(url, rules.setting)
    try:
        if starting:
            furnish(office, folder=DEMO, playbook=rules.playbook, starting=True)
        yield office
    finally:
        office.close()
