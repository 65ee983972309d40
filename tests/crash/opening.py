"""What is there before a run begins: pieces to be scanned and packed, reels to be loaded, lots to be held."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from bot.rules import Rules, furnish, read_playbook
from domain.actions import loading, lots, orders, passing, release, units
from domain.clock import SystemClock
from domain.ids import IdMaker
from domain.store import migrate
from domain.store.office import Office, open_office

T = TypeVar("T")
PIECES: Final = "WO-9011"
"""The order whose pieces are soldered one by one; `FINISHED` those to be packed, `LAMPS` what is loaded."""
FINISHED: Final = "WO-9012"
LAMPS: Final = "WO-9013"
REEL: Final = "LOT-R{:05}"
HELD: Final = "LOT-H{:05}"
AT_ONCE: Final = 500
STEPS: Final = ("焊接", "组装", "测试", "包装")
MASTER: Final = 1


def serial(order: str, number: int) -> str:
    """Return the serial number of a piece of an order, as the plant makes them."""
    return f"SN-{order.removeprefix('WO-')}-{number:04}"


def furnish_for(database: str, *, playbook: Path, pieces: int) -> None:
    """Furnish an empty database and make so many pieces, boxes' worth of pieces, reels and lots."""
    migrate.upgrade(database)
    book = read_playbook(playbook)
    rules = Rules(playbook=book, clock=SystemClock(), new_id=IdMaker(node=MASTER))
    office = open_office(database, rules.setting)
    try:
        furnish(office, folder=playbook, playbook=book, starting=True)
        for order, product in ((PIECES, "TS-300"), (FINISHED, "TS-300"), (LAMPS, "LD-50")):
            _order(office, order, product=product, pieces=pieces)
        _finish(office, pieces=pieces)
        _reels(office, pieces=pieces)
    finally:
        office.close()


def _order(office: Office, order: str, *, product: str, pieces: int) -> None:
    draft = partial(orders.draft, product=product, quantity=Decimal(pieces), code=order, line="L2")
    office.write(draft).result()
    office.write(partial(release.release, order=order)).result()
    for batch in _batches(range(pieces)):
        office.write(partial(units.generate, order=order, count=len(batch))).result()


def _finish(office: Office, *, pieces: int) -> None:
    """Let the pieces that are to be packed through every operation."""
    for step in STEPS:
        for batch in _batches([serial(FINISHED, number + 1) for number in range(pieces)]):
            office.write(partial(passing.pass_units, codes=batch, operation=step)).result()


def _reels(office: Office, *, pieces: int) -> None:
    """Receive and pass reels of lamps and lots to be held; load the first reel."""
    for name, material in ((REEL, "LED-2835W"), (HELD, "PR-PT100")):
        for number in range(pieces):
            lot = name.format(number)
            come = partial(lots.receive, material=material, lot_no=lot, quantity=Decimal(1000))
            office.write(come).result()
            office.write(partial(lots.inspect, lot=lot, passed=True)).result()
    first = partial(loading.load, station="ST-101", slot="3", lot=REEL.format(0), order=LAMPS)
    office.write(first).result()


def _batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]
