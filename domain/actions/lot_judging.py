"""What a review decides about a lot moves it: back to its supplier, scrapped, let pass, held for rework."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from domain.actions import holds as holding
from domain.actions.lot_moves import part_off
from domain.actions.lots import lot_record
from domain.errors import HeldAbove, WrongState
from domain.models.lot import GONE_LOT, Lot, LotStatus
from domain.models.nonconformance import Disposition
from domain.queries.holds import holds_over
from domain.store import holds, lots
from domain.work import Work

ASIDE: Final = (LotStatus.IN_INSPECTION, LotStatus.QUARANTINED, LotStatus.REJECTED)


def dispose(work: Work, *, lot_id: int, disposition: Disposition, quantity: Decimal, why: str) -> None:
    """Move so much of a lot (of what is left of it) where it was decided; a part becomes a lot of its own.

    Raises WrongState for what has gone already, HeldAbove where a part of a held lot is to be used.
    """
    lot = lots.lock_ids(work, {lot_id})[lot_id]
    if lot.status in GONE_LOT:
        raise WrongState(thing=lot.code, status=lot.standing, wanted=f"disposition:{disposition.value}")
    moving = min(quantity, lot.on_hand)
    if moving and not (disposition is Disposition.USE_AS_IS and _is_usable(work, lot)):
        part = lot if moving == lot.on_hand else part_off(work, lot, quantity=moving)
        WAYS[disposition](work, part, why)


def _is_usable(work: Work, lot: Lot) -> bool:
    return lot.status is LotStatus.RELEASED and not holds_over(work, kind="lot", ref=lot.id)


def _put_aside(lot: Lot) -> None:
    if lot.status is not LotStatus.QUARANTINED:
        lot.move(LotStatus.QUARANTINED)


def _send_back(work: Work, lot: Lot, why: str) -> None:
    if lot.status is not LotStatus.REJECTED:
        _put_aside(lot)
    quantity = lot.send_back()
    ended = holding.end_with(work, lot)
    lot_record(work, "lot.sent_back", lot, quantity=quantity, reason=why, judged=True, **ended)


def _scrap(work: Work, lot: Lot, why: str) -> None:
    _put_aside(lot)
    quantity = lot.scrap()
    ended = holding.end_with(work, lot)
    lot_record(work, "lot.scrapped", lot, quantity=quantity, reason=why, judged=True, **ended)


def _use(work: Work, lot: Lot, why: str) -> None:
    """Let it pass as it is: what held this very lot is lifted, what holds something above it stays."""
    for one in holds.active(work, kind="lot", ref=lot.id):
        one.until = work.now
    if above := holds_over(work, kind="lot", ref=lot.id):
        raise HeldAbove(thing=lot.code, source=above[0].code)
    if lot.status in ASIDE:
        _put_aside(lot)
        lot.move(LotStatus.RELEASED)
    lot_record(work, "lot.inspected", lot, quantity=lot.on_hand, note=why, passed=True, conceded=True)


def _hold_for_rework(work: Work, lot: Lot, why: str) -> None:
    """Nobody takes it until it is reworked and let go; what is held already stays so."""
    if not holds_over(work, kind="lot", ref=lot.id):
        holding.place(work, lot, reason=why)


WAYS: Final[Mapping[Disposition, Callable[[Work, Lot, str], None]]] = MappingProxyType(
    {
        Disposition.RETURN: _send_back,
        Disposition.SCRAP: _scrap,
        Disposition.USE_AS_IS: _use,
        Disposition.REWORK: _hold_for_rework,
    }
)
