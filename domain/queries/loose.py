"""Where the finished pieces of an order are: in boxes, in rework, or there to be packed."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.errors import InRework
from domain.models.flow import finished
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import OrderStatus, WorkOrder
from domain.queries import contents
from domain.store import families, orders, units
from domain.work import Work

ZERO: Final = Decimal(0)
AWAY: Final = (UnitStatus.PACKED, UnitStatus.SHIPPED)


@dataclass(frozen=True, kw_only=True)
class Loose:
    """Pieces of one order: `made` good, of which `numbered` have numbers (or will be made of those).

    Of those without numbers `packed` were ever packed, of them `returned` came back from customers. Of those
    with numbers `stands` are done and in no box, `sealed` in boxes or shipped, `came_back` from customers.
    `taken` are in `reworks`: nobody says which, those without numbers are thought of first.
    """

    made: Decimal
    numbered: Decimal
    packed: Decimal
    returned: Decimal
    stands: Decimal
    sealed: Decimal
    came_back: Decimal
    taken: Decimal
    reworks: tuple[str, ...]

    @property
    def in_rework(self) -> Decimal:
        """What rework orders have of those that never left: what came back goes into rework first."""
        return max(self.taken - self.returned - self.came_back, ZERO)

    @property
    def gone(self) -> Decimal:
        """What is the order's own no more or is not there."""
        return self.packed + self.sealed + self.in_rework

    @property
    def there(self) -> Decimal:
        """What may be packed of those without numbers."""
        return max(self.made - self.numbered - self.packed - self.in_rework, ZERO)

    @property
    def numbered_there(self) -> Decimal:
        """What may be packed of those with numbers."""
        without = max(self.made - self.numbered - self.packed, ZERO)
        return max(self.stands - max(self.in_rework - without, ZERO), ZERO)

    @property
    def away(self) -> Decimal:
        """What is in boxes, here or with customers."""
        return self.packed - self.returned + self.sealed

    @property
    def to_rework(self) -> Decimal:
        """What a rework order may take, with numbers or without: also what came back."""
        return max(self.made - self.taken - self.away, ZERO)


def of(work: Work, order: WorkOrder) -> Loose:
    """Return where the finished pieces of an order are."""
    packed, returned = contents.packed_of(work, order_id=order.id)
    stand = units.standing(work, order_id=order.id)
    again = {it.code: _kept(work, it) for it in families.reworks(work, order)}
    return Loose(
        made=finished(order, orders.tasks(work, order)),
        numbered=sum(stand.values(), ZERO),
        packed=packed,
        returned=returned,
        stands=stand.get(UnitStatus.DONE, ZERO),
        sealed=sum((stand.get(it, ZERO) for it in AWAY), ZERO),
        came_back=stand.get(UnitStatus.RETURNED, ZERO),
        taken=sum(again.values(), ZERO),
        reworks=tuple(code for code, kept in again.items() if kept),
    )


def _kept(work: Work, again: WorkOrder) -> Decimal:
    """Return what a rework order has of the order before it: one that is cancelled gives back the rest."""
    return again.quantity if again.status is not OrderStatus.CANCELLED else done_with(work, again)


def done_with(work: Work, again: WorkOrder) -> Decimal:
    """Return how many pieces of a rework order are finished or scrapped there: they stay what they are."""
    tasks = orders.tasks(work, again)
    return finished(again, tasks) + sum((task.scrap for task in tasks), ZERO)


def refuse_in_rework(work: Work, given: Collection[Unit]) -> None:
    """Refuse pieces with numbers of which rework orders have so many that too few are left; InRework."""
    for ref in sorted({unit.order_id for unit in given}):
        asked = sum((Decimal(unit.pieces) for unit in given if unit.order_id == ref), ZERO)
        its = of(work, work.session.get_one(WorkOrder, ref))
        if its.in_rework and asked > its.numbered_there:
            code, whose = work.session.get_one(WorkOrder, ref).code, "、".join(its.reworks)
            raise InRework(
                order=code, left=its.numbered_there, asked=asked, taken=its.in_rework, reworks=whose
            )
