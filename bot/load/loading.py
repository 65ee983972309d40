"""Loads the generated past: orders are made in a second process while the first puts them in."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Final

from bot.load.ground import Ground, lay, survey
from bot.load.leaves import TABLES, Leaves
from bot.load.past import OrderPast
from bot.load.plant import TOGETHER, Size
from bot.load.shapes import Shape
from bot.load.story import Story
from bot.settings import Settings
from bot.terminal import open_house
from domain.errors import AlreadyThere
from domain.queries.orders import order_codes
from domain.store import bulk
from domain.store.engines import is_sqlite
from domain.store.office import Office

AHEAD: Final = 3


def grown(settings: Settings, size: Size) -> Iterator[int]:
    """Load a past into the plant of these settings; yields the rows of every step, `size.steps` of them.

    Raises AlreadyThere where a past has been loaded: it does not grow twice.
    """
    office = open_house(settings)
    known = prepare(office)
    office.close()
    yield from load(settings.database, known, size)


def prepare(office: Office) -> Ground:
    """Load the product that the past is made of by the plant's own acts; returns what rows must know."""
    if office.read(lambda work: order_codes(work, short="LD-000001")).result():
        raise AlreadyThere(kind="order", code_text="LD-000001")
    office.write(lay).result()
    return office.read(survey).result()


def load(url: str, known: Ground, size: Size) -> Iterator[int]:
    """Put the past into the database step by step; yields the rows of each."""
    with bulk.opened(url, tables=TABLES) as into:
        for several in _made(known, size, sqlite=is_sqlite(url)):
            rows = 0
            for table in TABLES:
                if several.get(table):
                    into.put(table, several[table])
                    rows += len(several[table])
            into.end_step()
            yield rows


def _made(known: Ground, size: Size, *, sqlite: bool) -> Iterator[Leaves]:
    """Yield the rows of several orders at a time, made a few steps ahead in another process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as maker:
        waiting: deque[Future[Leaves]] = deque()
        for first in range(0, size.orders, TOGETHER):
            waiting.append(maker.submit(make, known, size, first=first, sqlite=sqlite))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def make(known: Ground, size: Size, *, first: int, sqlite: bool) -> Leaves:
    """Return the rows of the orders from `first` on, as the database stores them."""
    together: Leaves = {}
    for number in range(first, min(first + TOGETHER, size.orders)):
        story = Story(known, size, _shapes(sqlite=sqlite), number=number)
        for table, rows in OrderPast(story).leaves().items():
            together.setdefault(table, []).extend(rows)
    return together


@cache
def _shapes(*, sqlite: bool) -> dict[str, Shape]:
    return {table: Shape.of(table, sqlite=sqlite) for table in TABLES}
