"""整单发料: what an order or a requisition has not got yet, issued at one go by the pick list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.actions import lots
from domain.models.work_order import WorkOrder
from domain.permits import require
from domain.queries.picking import Need, Pick, needs, pick_list
from domain.store import supply
from domain.work import Work

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class IssuedAll:
    """What went to an order for what was `asked` (a requisition, or itself), and what is short."""

    asked: str
    order: str
    picks: tuple[Pick, ...]
    short: tuple[Need, ...]


def issue_order(work: Work, *, order: str) -> IssuedAll:
    """Issue everything that the pick list of an order names, all or nothing; raises as `lots.issue`."""
    require(work, "lot.issue")
    found, wanted = pick_list(work, order=order)
    return _issue(work, found, asked=found.code, wanted=[(need, need.picks) for need in wanted if need.open])


def issue_requisition(work: Work, *, number: int) -> IssuedAll:
    """Issue what a requisition asks for and has not got, all or nothing; raises as `lots.issue`."""
    require(work, "lot.issue")
    asked = supply.lock_requisition(work, number=number)
    order = work.session.get_one(WorkOrder, asked.order_id)
    left = {it.material_id: it.quantity - it.issued for it in supply.lines_asked(work, asked)}
    wanted = list(_limited(needs(work, order=order), left))
    return _issue(work, order, asked=asked.code, wanted=wanted)


def _limited(wanted: Iterable[Need], left: Mapping[int, Decimal]) -> Iterator[tuple[Need, Sequence[Pick]]]:
    """Yield the needs that were asked for, and their picks cut to what was asked."""
    for need in wanted:
        rest = left.get(need.line.material_id, ZERO)
        picks = []
        for pick in need.picks:
            part = min(pick.quantity, rest)
            rest -= part
            if part > ZERO:
                picks.append(replace(pick, quantity=part))
        if picks or (need.missing and rest > ZERO):
            yield need, picks


def _issue(
    work: Work, order: WorkOrder, *, asked: str, wanted: Sequence[tuple[Need, Sequence[Pick]]]
) -> IssuedAll:
    picks = tuple(pick for _need, its in wanted for pick in its)
    short = tuple(need for need, _its in wanted if need.missing)
    for pick in picks:
        lots.issue(work, lot=pick.lot, quantity=pick.quantity, order=order.code)
    return IssuedAll(asked=asked, order=order.code, picks=picks, short=short)
