"""A plant whose surface mounting is fed from slots: CB-100 with alternates, slots, and lots to load."""

from decimal import Decimal
from functools import partial

from sqlalchemy import select

from domain.actions import lots
from domain.models.routing import BomLine, Operation
from domain.models.work_order import WorkOrder
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
