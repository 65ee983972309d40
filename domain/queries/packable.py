"""How many finished pieces of an order are there to be packed."""

from decimal import Decimal

from domain.queries import loose
from domain.store import orders
from domain.work import Work


def unnumbered_there(work: Work, *, order: str) -> Decimal:
    """Return how many pieces without numbers of an order may be packed; none where there is no such order."""
    found = orders.find(work, code=order)
    return loose.of(work, found).there if found else Decimal(0)
