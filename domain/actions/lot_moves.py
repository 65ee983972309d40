"""What happens to lots in the store: split, merged, moved, counted, brought back, sent back."""

from decimal import Decimal
from typing import Final

from domain.actions import holds
from domain.actions.holds import Ended
from domain.actions.lots import LotMoved, lot_record, material_of
from domain.actions.reservations import unstage
from domain.errors import CannotMerge, LotShort, NothingToReport, NotIssued, UsedUp
from domain.models.genealogy import Edge, How
from domain.models.lot import Lot, LotStatus
from domain.models.work_order import WorkOrder
from domain.permits import require
from domain.queries import inside, using
from domain.queries.holds import refuse_held
from domain.store import edges, lots, orders
from domain.work import Work

ZERO: Final = Decimal(0)
OF_A_PART: Final = (
    *("material_id", "supplier", "unit", "made_by", "date_code", "place"),
    *("received_at", "expires_at", "status"),
)
"""What a part that is split off has of its lot."""


class Parted(LotMoved):
    """What was split off or poured together: the other lot's code, what it has now."""

    other: str
    other_on_hand: Decimal


class SentBack(LotMoved, Ended):
    """What went back to its supplier, and what became of the holds over it."""


def split(work: Work, *, lot: str, quantity: Decimal) -> Parted:
    """Split so much off into a lot of its own, in the same state.

    Raises NotFound, NothingToReport, LotShort.
    """
    require(work, "lot.move")
    found = lots.lock(work, code=lot)
    if quantity <= ZERO:
        raise NothingToReport(order=lot, operation=material_of(work, found).code)
    if quantity >= found.on_hand:
        raise LotShort(lot=found.code, on_hand=found.on_hand, asked=quantity, unit=found.unit)
    return _parted(work, "lot.split", found, _divide(work, found, quantity=quantity), quantity)


def part_off(work: Work, lot: Lot, *, quantity: Decimal) -> Lot:
    """Return so much of a lot, which has more, as a lot of its own; for what has been decided about it."""
    part = _divide(work, lot, quantity=quantity)
    _parted(work, "lot.split", lot, part, quantity)
    return part


def _divide(work: Work, lot: Lot, *, quantity: Decimal) -> Lot:
    part = _part(work, lot)
    work.session.add(part)
    lot.give(part, quantity)
    work.session.add(_edge(work, lot, part, quantity=quantity, how=How.DIVIDED))
    return part


def _part(work: Work, lot: Lot) -> Lot:
    kept = {name: getattr(lot, name) for name in OF_A_PART}
    return lots.empty(work, code=lots.next_part(work, lot), parent_id=lot.id, opened=False, **kept)


def merge(work: Work, *, lot: str, into: str) -> Parted:
    """Pour all that is left of a lot into another; of a part into its own whole, the split is undone so far.

    Same material, supplier and state only; the sooner expiry counts. Raises NotFound, CannotMerge, Held.
    """
    require(work, "lot.move")
    first, other = sorted((lots.known(work, code=lot).id, lots.known(work, code=into).id))
    both = lots.lock_ids(work, {first, other})
    source, target = both[lots.known(work, code=lot).id], both[lots.known(work, code=into).id]
    for one in (source, target):
        refuse_held(work, kind="lot", ref=one.id, code=one.code)
    _refuse_unlike(work, source, target)
    quantity = source.on_hand
    split_from = edges.divided(work, source=target, part=source)
    if split_from is not None and split_from.quantity >= quantity:
        target.take_in(source, quantity)
        split_from.quantity -= quantity
        split_from.ended_at = work.now if split_from.quantity == ZERO else None
    else:
        source.give(target, quantity)
        work.session.add(_edge(work, source, target, quantity=quantity, how=How.MERGED))
    ends = [it.expires_at for it in (source, target) if it.expires_at]
    target.expires_at = min(ends) if ends else None
    return _parted(work, "lot.merged", source, target, quantity)


def _refuse_unlike(work: Work, source: Lot, target: Lot) -> None:
    """Two lots become one only if they are one kind of thing, and neither was made of the other."""
    like = (source.material_id, source.supplier) == (target.material_id, target.supplier)
    good = source.status is target.status is LotStatus.RELEASED
    part = edges.divided(work, source=target, part=source)
    whole = part is not None and part.quantity >= source.on_hand
    circle = not whole and inside.is_above(work, ("lot", target.id), of=("lot", source.id))
    if source is target or not like or not good or circle:
        raise CannotMerge(lot=source.code, other=target.code)


def _edge(work: Work, source: Lot, target: Lot, *, quantity: Decimal, how: How) -> Edge:
    return edges.new(
        work, how, parent=("lot", source.id), child=("lot", target.id), quantity=quantity, unit=source.unit
    )


def _parted(work: Work, event_type: str, lot: Lot, other: Lot, quantity: Decimal) -> Parted:
    more = {"other": other.code, "other_on_hand": other.on_hand}
    moved = lot_record(work, event_type, lot, quantity=quantity, about=[("lot", other.id)], **more)
    return Parted(**moved, other=other.code, other_on_hand=other.on_hand)


def move(work: Work, *, lot: str, place: str) -> LotMoved:
    """Bring a lot to another place (移库); raises NotFound, SeveralLots."""
    require(work, "lot.move")
    found = lots.lock(work, code=lot)
    before, found.place = found.place, place[:80]
    return lot_record(work, "lot.moved", found, quantity=found.on_hand, place=found.place, from_place=before)


def bring_back(work: Work, *, lot: str, quantity: Decimal, order: str, place: str = "") -> LotMoved:
    """Take back from an order what it has not used (退料): what stands at its line first.

    Raises NotFound, NothingToReport, NotIssued, UsedUp (by what was made, as its bill of material says).
    """
    require(work, "lot.return")
    if quantity <= ZERO:
        raise NothingToReport(order=order, operation=lot)
    target = orders.lock(work, code=order)
    found = lots.lock(work, code=lot)
    used = quantity - unstage(work, found, target, quantity=quantity)
    if used:
        _unuse(work, found, target, quantity=used, asked=quantity)
    found.place = place[:80] or found.place
    about = [("work_order", target.id)]
    return lot_record(work, "lot.brought_back", found, quantity=quantity, about=about, order=target.code)


def _unuse(work: Work, lot: Lot, order: WorkOrder, *, quantity: Decimal, asked: Decimal) -> None:
    """Take a quantity off the edges by which the lot went into the order, the newest first."""
    had = edges.used_by(work, lot, order)
    there = sum((edge.quantity for edge in had), ZERO) + asked - quantity
    if asked > there:
        raise NotIssued(lot=lot.code, order=order.code, had=there, unit=lot.unit)
    free = using.unused(work, order, material_id=lot.material_id)
    left = quantity
    for edge in had:
        taken = max(min(left, edge.quantity, free.get(edge.operation, left)), ZERO)
        edge.quantity, left = edge.quantity - taken, left - taken
        if edge.operation in free:
            free[edge.operation] -= taken
        edge.ended_at = work.now if edge.quantity == ZERO else None
    if left:
        raise UsedUp(lot=lot.code, order=order.code, had=there, left=asked - left, unit=lot.unit)
    lot.take_back(quantity)


def send_back(work: Work, *, lot: str, reason: str = "") -> SentBack:
    """Give what is left of a rejected or quarantined lot back to its supplier (退供), and with it its hold.

    Raises NotFound, SeveralLots, WrongState.
    """
    require(work, "lot.return")
    found = lots.lock(work, code=lot)
    quantity = found.send_back()
    ended = holds.end_with(work, found)
    moved = lot_record(work, "lot.sent_back", found, quantity=quantity, reason=reason, **ended)
    return SentBack(**moved, **ended)
