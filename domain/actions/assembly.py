"""组装、换件: pieces and lots that are put into a piece, and parts that are exchanged in a repair."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypedDict

from domain.actions import consumption
from domain.errors import InItself, NotAtHand, NotFound, NotInside, SitsIn
from domain.models.genealogy import Edge, How
from domain.models.unit import Unit
from domain.models.work_order import OperationTask, WorkOrder
from domain.permits import require
from domain.queries import holds, inside
from domain.store import containers, edges, lots, orders, units
from domain.work import Work

ONE: Final = Decimal(1)
PARTS: Final = (How.ASSEMBLED, How.CONSUMED)


class Assembled(TypedDict):
    """What was put into a piece, and what was taken out of it."""

    unit: str
    parts: list[str]
    removed: list[str]
    position: str


def assemble(
    work: Work, *, unit: str, parts: Sequence[str], quantity: Decimal = ONE, position: str = ""
) -> Assembled:
    """Put pieces (or so much of a lot) into a piece: exact edges. A piece has one parent at a time.

    Raises NotFound, NotAtHand, SitsIn, InItself, WrongState, Held, and what a lot may be refused with.
    """
    require(work, "work.report")
    whole, children, used = _locked(work, unit=unit, parts=parts)
    _refuse_away(work, whole)
    task = _task(work, whole)
    for child in children:
        put(work, whole, child, position=position, operation=task.code if task else "")
    for lot in used:
        _consume(work, whole, lot, quantity=quantity, position=position, task=task)
    return _record(work, "unit.assembled", whole, parts=parts, removed=(), position=position)


def exchange(work: Work, *, unit: str, old: str, new: str, reason: str = "") -> Assembled:
    """Exchange a part of a piece in a repair: the old edge ends, a new one begins at its position.

    Raises as `assemble`, and NotInside.
    """
    require(work, "work.report")
    whole, children, used = _locked(work, unit=unit, parts=[new])
    _refuse_away(work, whole)
    was = take_out(work, whole, code=old)
    task = _task(work, whole)
    for child in children:
        put(work, whole, child, position=was.position, operation=task.code if task else "")
    for lot in used:
        _consume(work, whole, lot, quantity=was.quantity, position=was.position, task=task)
    return _record(
        work, "unit.exchanged", whole, parts=[new], removed=(old,), position=was.position, reason=reason
    )


def _locked(work: Work, *, unit: str, parts: Sequence[str]) -> tuple[Unit, list[Unit], list[str]]:
    """Lock a piece and those that go into it; what is no piece is a lot. Raises NotFound."""
    pieces = units.known(work, [unit, *parts])
    if unit not in pieces:
        raise NotFound(kind="unit", code_text=unit)
    whole, *children = units.lock_under(work, codes=[unit, *(it for it in parts if it in pieces)])
    used = [it for it in parts if it not in pieces]
    for code in used:
        if lots.find(work, code=code) is None:
            raise NotFound(kind="unit_or_lot", code_text=code)
    return whole, children, used


def _refuse_away(work: Work, whole: Unit) -> None:
    """Refuse to work on a piece that is in a box or has left, itself or in another; raises NotAtHand."""
    if place := inside.place_of(work, ("unit", whole.id)):
        raise NotAtHand(thing=whole.code, inside=holds.code_of(work, kind=place[0], ref=place[1]))


def put(work: Work, whole: Unit, child: Unit, *, position: str, operation: str) -> None:
    """Make one piece a part of another; raises SitsIn, InItself, WrongState, Held."""
    child.put_into(thing=child.code)
    holds.refuse_held(work, kind="unit", ref=child.id, code=child.code)
    sits = containers.open_edges(work, of=[("unit", child.id)], how=(How.ASSEMBLED, How.PACKED))
    if sits:
        where = holds.code_of(work, kind=sits[0].child_kind, ref=sits[0].child_id)
        raise SitsIn(thing=child.code, inside=where)
    if child.id == whole.id or inside.contains(work, ("unit", child.id), ("unit", whole.id)):
        raise InItself(thing=child.code, inside=whole.code)
    work.session.add(
        edges.new(
            work,
            How.ASSEMBLED,
            parent=("unit", child.id),
            child=("unit", whole.id),
            quantity=ONE,
            position=position,
            operation=operation,
        )
    )


def _consume(
    work: Work, whole: Unit, lot: str, *, quantity: Decimal, position: str, task: OperationTask | None
) -> None:
    operation = task.code if task else ""
    consumption.consume_exact(
        work, unit=whole, lot=lot, quantity=quantity, position=position, operation=operation
    )


def take_out(work: Work, whole: Unit, *, code: str) -> Edge:
    """End the edge by which a piece or lot is in a piece; raises NotInside."""
    for found in containers.open_edges(work, of=[("unit", whole.id)], how=PARTS, upwards=True):
        if holds.code_of(work, kind=found.parent_kind, ref=found.parent_id) == code:
            found.ended_at = work.now
            return found
    raise NotInside(thing=code, inside=whole.code)


def _task(work: Work, unit: Unit) -> OperationTask | None:
    order = work.session.get_one(WorkOrder, unit.order_id)
    return next((it for it in orders.tasks(work, order) if it.sequence == unit.sequence), None)


def _record(
    work: Work,
    event: str,
    whole: Unit,
    *,
    parts: Sequence[str],
    removed: Sequence[str],
    position: str,
    reason: str = "",
) -> Assembled:
    done = Assembled(unit=whole.code, parts=list(parts), removed=list(removed), position=position)
    about = [("unit", whole.id), ("work_order", whole.order_id)]
    work.record(event, data={**done, "reason": reason}, about=about)
    return done
