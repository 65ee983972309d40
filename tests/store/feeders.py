"""A plant whose surface mounting is fed from slots: CB-100 with alternates, slots, and lots to load."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from domain.actions import loading, lots, production
from domain.models.genealogy import Edge
from domain.models.lot import Lot
from domain.models.routing import BomLine, Operation
from domain.models.work_order import WorkOrder
from domain.queries import lots as lot_queries
from domain.queries import verify
from domain.queries.lots import LotView
from domain.store import lots as lot_store
from domain.store import orders
from domain.store.office import Office
from domain.work import Work
from tests.store.units_plant import Bench

SLOTS = {"R-0603-10K": "3", "C-0805-100N": "4", "IC-MCU32": "5"}
ORDER = "WO-1003"


def fed(office: Office) -> Bench:
    """Return a bench at an order whose route asks for loading at 贴片, with resistors of a second maker."""
    bench = Bench(office)
    bench.act(_ask_for_loading)
    for lot in ("LOT-R2", "LOT-R3"):
        receive = partial(lots.receive, material="R-0603-10K", lot_no=lot, quantity=Decimal(600))
        bench.act(receive)
        bench.act(partial(lots.inspect, lot=lot, passed=True))
    return bench


def _ask_for_loading(work: Work) -> None:
    order = work.session.scalars(select(WorkOrder).where(WorkOrder.code == ORDER)).one()
    of_route = select(Operation).where(Operation.route_id == order.route_id, Operation.code == "smt")
    work.session.scalars(of_route).one().loading = True
    for material, slot in SLOTS.items():
        what = orders.material(work, code=material)
        query = select(BomLine).where(BomLine.bom_id == order.bom_id, BomLine.material_id == what.id)
        line = work.session.scalars(query).one()
        line.slot = slot
        if material == "C-0805-100N":
            line.alternates = [orders.material(work, code="TR-12V").id]
    work.record("master.loaded")


@contextmanager
def fed_line(plant: Office) -> Iterator[Bench]:
    """Give a fed line; whatever was done, state is the sum of events and every lot balances."""
    yield fed(plant)
    differences, _events = plant.read(verify.differences).result()
    assert differences == []
    plant.read(balances).result()


def balances(work: Work) -> None:
    for lot in work.session.scalars(select(Lot).where(~Lot.void)):
        came = lot.received + lot.returned + lot.split_in
        assert lot.on_hand >= 0, lot.code
        assert came == lot.issued + lot.scrapped + lot.split_out + lot.on_hand, lot.code


def look(bench: Bench, code: str) -> LotView:
    """Return a lot as it stands."""
    return bench.office.read(partial(lot_queries.lot, code=code)).result()


def load(bench: Bench, slot: str, lot: str, who: str = "zhoujianguo") -> loading.Loaded:
    """Load a lot at the surface mounter."""
    job = partial(loading.load, station="ST-101", slot=slot, lot=lot, order=ORDER)
    return bench.act(job, who=who)


def report(bench: Bench, good: int, scrap: int = 0) -> None:
    """Report pieces of the surface mounter."""
    job = partial(production.report, order=ORDER, operation="贴片")
    bench.act(partial(job, good=Decimal(good), scrap=Decimal(scrap)), who="liuyang")


def edges_of(bench: Bench, lot: str) -> list[Edge]:
    """Return the living edges out of a lot."""

    def read(work: Work) -> list[Edge]:
        found = lot_store.known(work, code=lot)
        query = select(Edge).where(Edge.parent_kind == "lot", Edge.parent_id == found.id, ~Edge.void)
        return list(work.session.scalars(query.order_by(Edge.id)))

    return bench.office.read(read).result()
