"""返修、隔离、报废: what becomes of pieces that an operation has failed, or that came back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypedDict

from domain.actions import holds, production
from domain.actions.production import Counting, Regraded
from domain.errors import NotBefore
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import FINISHED_ORDER, OperationTask, WorkOrder
from domain.permits import require
from domain.queries import contents, held
from domain.store import orders, units
from domain.work import Work

ZERO: Final = Decimal(0)


class Judged(TypedDict):
    """What became of pieces: the operations to which they go back (empty: to none).

    `unheld`: a hold ended with one of them.
    """

    units: list[str]
    count: int
    operation: str
    reason: str
    unheld: bool


def send_back(work: Work, *, codes: Sequence[str], operation: str = "", reason: str = "") -> Judged:
    """Send failed, quarantined or returned pieces back to an operation (else to the one they failed at).

    Raises NotFound, NoNumbers, NotBefore, WrongState.
    """
    require(work, "unit.judge")
    given = _lock(work, codes)
    back: dict[str, None] = {}
    for order, mine in _by_order(work, given):
        tasks = orders.tasks(work, order)
        for unit in mine:
            to = production.task_named(order, tasks, operation) if operation else _at(tasks, unit)
            if to.sequence > unit.sequence or not to.counts:
                at = _at(tasks, unit).name
                raise NotBefore(unit=unit.code, operation=to.name, at=at)
            unit.send_back(to=to.sequence, reason=reason)
            back[to.name] = None
    return _record(work, "unit.sent_back", given, operation="、".join(back), reason=reason)


def quarantine(work: Work, *, codes: Sequence[str], reason: str) -> Judged:
    """Put failed pieces aside until somebody decides; raises NotFound, NoNumbers, WrongState."""
    require(work, "unit.judge")
    given = _lock(work, codes)
    for unit in given:
        unit.move(UnitStatus.QUARANTINED)
        unit.reason = reason
    return _record(work, "unit.quarantined", given, reason=reason)


def scrap(work: Work, *, codes: Sequence[str], reason: str) -> Judged:
    """Scrap failed, quarantined or returned pieces; they leave the open rework of their operation.

    A hold ends with the last of what it holds.
    Another person approves where the plant wants that. Raises NotFound, NoNumbers, WrongState.
    """
    require(work, "unit.judge")
    given = _lock(work, codes)
    for order, mine in _by_order(work, given):
        tasks = orders.tasks(work, order)
        for unit in mine:
            unit.move(UnitStatus.SCRAPPED)
            unit.reason = reason
        if order.status not in FINISHED_ORDER:
            for task in tasks:
                _count(work, Counting(order, tasks, task), mine, reason=reason)
    return _record(work, "unit.scrapped", given, reason=reason, unheld=_unhold(work, given))


def _unhold(work: Work, given: Sequence[Unit]) -> bool:
    """End what held pieces that are gone; says whether anything ended."""
    under = held.among(work, units=[unit.id for unit in given])
    ended = [holds.end_with(work, unit, kind="unit") for unit in given if unit.id in under]
    return any(it["unheld"] for it in ended)


def _count(work: Work, of: Counting, given: Sequence[Unit], *, reason: str) -> None:
    here = [unit for unit in given if of.task.sequence in unit.owes]
    pieces = sum((Decimal(unit.pieces) for unit in here), ZERO)
    if pieces:
        for unit in here:
            unit.settle(at=of.task.sequence)
        regraded = Regraded(scrap=pieces, rework=-pieces)
        codes = [unit.code for unit in here]
        production.book(work, of, regraded=regraded, reasons={"scrap": reason}, units=codes)


def _lock(work: Work, codes: Sequence[str]) -> list[Unit]:
    return units.lock_under(work, codes=contents.numbered(work, codes))


def _by_order(work: Work, given: Sequence[Unit]) -> list[tuple[WorkOrder, list[Unit]]]:
    ids = sorted({unit.order_id for unit in given})
    return [(work.session.get_one(WorkOrder, ref), [it for it in given if it.order_id == ref]) for ref in ids]


def _at(tasks: Sequence[OperationTask], unit: Unit) -> OperationTask:
    return next(it for it in tasks if it.sequence == unit.sequence)


def _record(
    work: Work, event: str, given: Sequence[Unit], *, reason: str, operation: str = "", unheld: bool = False
) -> Judged:
    judged = Judged(
        units=[unit.code for unit in given],
        count=len(given),
        operation=operation,
        reason=reason,
        unheld=unheld,
    )
    about = sorted({("work_order", unit.order_id) for unit in given})
    about += [("unit", unit.id) for unit in given]
    work.record(event, data={**judged}, about=about)
    return judged
