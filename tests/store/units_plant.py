"""A plant for tests of pieces: an order with four operations, and acts that are one message each."""

import itertools
from decimal import Decimal
from functools import partial

from domain.actions import orders, passing, release, units
from domain.models.unit import Unit
from domain.models.work_order import OperationTask
from domain.queries import verify
from domain.store import orders as order_store
from domain.store import units as unit_store
from domain.store.office import Office
from domain.work import Work
from tests.store.speaking import Chat

_numbers = itertools.count(7000)


class Bench(Chat):
    """An order of its own on the demo plant, and a chat in which it is worked on."""

    def __init__(
        self, office: Office, *, quantity: int = 40, numbered: int = 0, product: str = "TS-300"
    ) -> None:
        super().__init__(office)
        self.order = f"WO-{next(_numbers)}"
        draft = partial(orders.draft, product=product, quantity=Decimal(quantity), code=self.order)
        self.act(draft)
        self.act(partial(release.release, order=self.order))
        self.codes: list[str] = []
        if numbered:
            self.codes = self.act(partial(units.generate, order=self.order, count=numbered))["units"]

    def unit(self, code: str) -> Unit:
        """Return a piece as it stands."""
        found = self.office.read(lambda work: unit_store.find(work, code=code)).result()
        assert found is not None
        return found


def tasks_of(bench: Bench) -> list[OperationTask]:
    """Return the operations of the bench's order, in sequence."""

    def look(work: Work) -> list[OperationTask]:
        found = order_store.find(work, code=bench.order)
        assert found is not None
        return list(order_store.tasks(work, found))

    return bench.office.read(look).result()


def counted(bench: Bench) -> list[tuple[int, int, int]]:
    """Return (good, scrap, open rework) of each operation."""
    return [(int(it.good), int(it.scrap), int(it.open_rework)) for it in tasks_of(bench)]


def scan(bench: Bench, operation: str, *codes: str, bad: bool = False) -> passing.Passed:
    """Let pieces pass an operation, or fail there."""
    return bench.act(partial(passing.pass_units, codes=codes, operation=operation, bad=bad, reason="虚焊"))


def sound(office: Office) -> None:
    """Say that state is the sum of events."""
    differences, _count = office.read(verify.differences).result()
    assert differences == []
