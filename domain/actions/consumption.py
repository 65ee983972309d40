"""What production uses up: by quantity from the lots that are loaded, or exactly, a lot into one unit."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from domain.actions.reservations import draw
from domain.actions.timers import refuse_expired
from domain.models.columns import plain, rounded
from domain.models.genealogy import Edge, How
from domain.models.lot import Lot, LotStatus
from domain.models.unit import Unit
from domain.models.work_order import OperationTask, WorkOrder
from domain.queries.holds import holds_over, refuse_held
from domain.store import edges, loadings, lots
from domain.store.loadings import Feed
from domain.work import Work

ZERO: Final = Decimal(0)


def backflush(work: Work, *, order: WorkOrder, task: OperationTask, made: Decimal) -> list[dict[str, Any]]:
    """Take what `made` pieces (good + scrap) of an operation use from the lots loaded for it; edges shared.

    Called after the pieces were counted, before the caller's event, which then owns lots and edges. What was
    issued to the order for this operation beforehand is not taken again. Returns one entry a lot: lot,
    material, slot, quantity, unit, on_hand, and (on the last of a material) `missing`, for which nothing was
    loaded any more and which is taken from the next reel; all as text. Raises CannotIssue, LotExpired, Held,
    and what its clocks forbid, where a loaded lot may not be used.
    """
    if made <= ZERO:
        return []
    feeds = sorted(loadings.feeding(work, order, operation=task.code), key=lambda feed: feed[1].id)
    taken = []
    for _line_id, fed in groupby(feeds, key=lambda feed: feed[1].id):
        taken += _use(work, order, task, list(fed), made=made)
    return taken


def _use(
    work: Work, order: WorkOrder, task: OperationTask, feeds: Sequence[Feed], *, made: Decimal
) -> list[dict[str, Any]]:
    need = _need(work, order, task, feeds, made=made)
    told = []
    for feed in feeds:
        loading = feed[0]
        quantity = _draw(work, order, feed, need)
        loading.settled, loading.short = loading.settled or loading.until is not None, ZERO
        if quantity is None:
            continue
        need -= quantity
        work.session.add(_shared(work, order, feed, quantity=quantity))
        told.append(_told(work, feed, quantity))
    if need > ZERO and feeds[-1][0].until is None:
        feeds[-1][0].short = need
        told = told or [_told(work, feeds[-1], ZERO)]
        told[-1]["missing"] = plain(need)
    return told


def _need(
    work: Work, order: WorkOrder, task: OperationTask, feeds: Sequence[Feed], *, made: Decimal
) -> Decimal:
    """Return what this report uses and earlier ones found no reel for, less what the order had already."""
    line = feeds[0][1]
    short = sum((loading.short for loading, _line, _lot in feeds), ZERO)
    so_far = rounded((task.good + task.scrap) * line.quantity)
    had = loadings.had(work, order, line)
    return max(ZERO, min(rounded(made * line.quantity) + short, so_far - had))


def _draw(work: Work, order: WorkOrder, feed: Feed, need: Decimal) -> Decimal | None:
    """Take what one loaded lot can give; None where it gives nothing and nothing is to be kept of it.

    What was taken out and is held or expired by now was used all the same: an edge of no quantity says so.
    """
    loading, _line, lot = feed
    if need <= ZERO or lot.status is LotStatus.CONSUMED:
        return None
    if loading.until is not None and not _usable(work, lot):
        return ZERO
    quantity = min(need, lot.on_hand - (loading.left or ZERO if loading.until else ZERO))
    if quantity <= ZERO:
        return None
    refuse_held(work, kind="lot", ref=lot.id, code=lot.code)
    refuse_expired(work, lot)
    lot.issue(quantity, at=work.now)
    draw(work, lot, order, quantity=quantity)
    return quantity


def _usable(work: Work, lot: Lot) -> bool:
    fresh = lot.expires_at is None or lot.expires_at > work.now
    return lot.status is LotStatus.RELEASED and fresh and not holds_over(work, kind="lot", ref=lot.id)


def _shared(work: Work, order: WorkOrder, feed: Feed, *, quantity: Decimal) -> Edge:
    loading, line, lot = feed
    return edges.new(
        work,
        How.CONSUMED,
        parent=("lot", lot.id),
        child=("order", order.id),
        quantity=quantity,
        unit=lot.unit,
        operation=line.operation,
        position=loadings.place_of(work, loading),
    )


def _told(work: Work, feed: Feed, quantity: Decimal) -> dict[str, Any]:
    loading, _line, lot = feed
    return {
        "lot": lot.code,
        "material": lots.material_code(work, lot),
        "slot": loadings.place_of(work, loading),
        "quantity": plain(quantity),
        "unit": lot.unit,
        "on_hand": plain(lot.on_hand),
        "missing": "0",
    }


def consume_exact(
    work: Work, *, unit: Unit, lot: str, quantity: Decimal, position: str = "", operation: str = ""
) -> dict[str, Any]:
    """Put so much of a lot into one unit: an exact edge; the caller's event owns it.

    Returns lot, material, quantity, unit, on_hand as text. Raises NotFound, SeveralLots, CannotIssue,
    LotExpired, LotShort, Held.
    """
    found = lots.lock(work, code=lot)
    refuse_held(work, kind="lot", ref=found.id, code=found.code)
    refuse_expired(work, found)
    found.issue(quantity, at=work.now)
    work.session.add(
        edges.new(
            work,
            How.CONSUMED,
            parent=("lot", found.id),
            child=("unit", unit.id),
            quantity=quantity,
            unit=found.unit,
            operation=operation,
            position=position,
        )
    )
    return {
        "lot": found.code,
        "material": lots.material_code(work, found),
        "quantity": plain(quantity),
        "unit": found.unit,
        "on_hand": plain(found.on_hand),
    }
