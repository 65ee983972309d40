"""Where the finished pieces of an order without numbers are: in boxes, in rework, or there to be packed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.models.flow import finished
from domain.models.work_order import WorkOrder
from domain.queries import contents
from domain.store import families, orders, units
from domain.work import Work

ZERO: Final = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Loose:
    """Pieces of one order: `made` good, of which `numbered` have numbers (or will be made of those).

    Of the others `packed` were ever packed, of them `returned` came back from customers; `taken` are in
    `reworks`.
    """

    made: Decimal
    numbered: Decimal
    packed: Decimal
    returned: Decimal
    taken: Decimal
    reworks: tuple[str, ...]

    @property
    def gone(self) -> Decimal:
        """What is the order's own no more or is not there: what came back goes into rework first."""
        return self.packed + max(self.taken - self.returned, ZERO)

    @property
    def there(self) -> Decimal:
        """What may be packed."""
        return max(self.made - self.numbered - self.gone, ZERO)

    @property
    def away(self) -> Decimal:
        """What is in boxes, here or with customers."""
        return self.packed - self.returned

    @property
    def to_rework(self) -> Decimal:
        """What a rework order may take, with numbers or without: also what came back."""
        return max(self.made - self.taken - self.away, ZERO)


def of(work: Work, order: WorkOrder) -> Loose:
    """Return where the finished pieces of an order are."""
    again = families.reworks(work, order)
    packed, returned = contents.packed_of(work, order_id=order.id)
    return Loose(
        made=finished(order, orders.tasks(work, order)),
        numbered=Decimal(units.numbered(work, order_id=order.id)),
        packed=packed,
        returned=returned,
        taken=sum((it.quantity for it in again), ZERO),
        reworks=tuple(it.code for it in again),
    )
