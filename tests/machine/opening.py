"""What is there when the machine begins: small orders of every kind of route, pieces, and lots for them."""

from decimal import Decimal
from functools import partial
from typing import Final

from domain.actions import family, lots, orders, release, units
from domain.store.office import Office
from domain.work import Work

ORDERS: Final = {"WO-1": ("TS-300", 6), "WO-2": ("GW-500", 4), "WO-3": ("LD-50", 8), "WO-4": ("TS-300", 12)}
TRACED: Final = {"WO-5": ("TX-40", 3), "WO-6": ("TH-80", 2)}
"""Orders of pieces that enter a station, and of such that are measured and complete in their trace."""
LOTS: Final = {
    "L-PT": ("PR-PT100", 40),
    "L-CASE": ("CASE-TS", 30),
    "L-CASE2": ("CASE-TS", 20),
    "L-GW": ("CASE-GW", 20),
    "L-LED": ("LED-2835W", 90),
    "L-LED2": ("LED-2835W", 60),
    "L-LEDN": ("LED-2835N", 100),
    "L-PCB": ("PCB-LD50", 12),
    "L-R": ("R-0603-10K", 50),
}


def open_plant(office: Office) -> None:
    """Draft and release the orders, receive and pass the lots, give serial numbers for one order."""
    for code, (product, quantity) in (ORDERS | TRACED).items():
        draft = partial(orders.draft, product=product, quantity=Decimal(quantity), code=code, line="L2")
        office.write(draft).result()
    for code in ORDERS | TRACED:
        office.write(partial(release.release, order=code)).result()
    for code, (material, quantity) in LOTS.items():
        office.write(
            partial(lots.receive, material=material, lot_no=code, quantity=Decimal(quantity))
        ).result()
        office.write(partial(lots.inspect, lot=code, passed=True)).result()
    office.write(partial(lots.receive, material="PR-PT100", lot_no="L-NEW", quantity=Decimal(10))).result()
    for code, count in (("WO-4", 6), ("WO-5", 3), ("WO-6", 2)):
        office.write(partial(units.generate, order=code, count=count)).result()
    office.write(_children).result()


def _children(work: Work) -> None:
    family.draft_children(work, order="WO-2")
