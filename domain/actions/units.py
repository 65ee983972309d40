"""Serial numbers: given or made for an order; panels that are divided into boards."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final, TypedDict

from domain.errors import AlreadyThere, CannotReport, NotAPanel, NothingToReport, TooManyUnits
from domain.models import walk
from domain.models.genealogy import How
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import OPEN_ORDER, OperationTask, WorkOrder
from domain.permits import require
from domain.store import edges, orders, routes, units
from domain.work import Work

MOST: Final = 1000
DIGITS: Final = 4


class Numbered(TypedDict):
    """Pieces that have a serial number from now on; `left` is for how many more the order has room."""

    order: str
    first: str
    last: str
    units: list[str]
    count: int
    operation: str
    left: Decimal


def generate(work: Work, *, order: str, count: int, boards: int = 1) -> Numbered:
    """Make `count` serial numbers for an order, of panels with so many `boards` if that is more than one.

    Raises NotFound, NothingToReport, TooManyUnits, CannotReport.
    """
    require(work, "unit.number")
    found = orders.lock(work, code=order)
    if not 0 < count <= MOST:
        raise NothingToReport(order=found.code, operation="赋码")
    stem = work.playbook.codes.unit + found.code.removeprefix(work.playbook.codes.order) + "-"
    last = units.last_code(work, stem=stem).removeprefix(stem)
    begin = int(last) + 1 if last.isdecimal() else 1
    codes = [f"{stem}{number:0{DIGITS}d}" for number in range(begin, begin + count)]
    return _number(work, found, codes, boards=boards)


def give(work: Work, *, order: str, codes: Sequence[str], boards: int = 1) -> Numbered:
    """Give serial numbers that are printed on the pieces already; raises as `generate`, and AlreadyThere."""
    require(work, "unit.number")
    found = orders.lock(work, code=order)
    once = list(dict.fromkeys(codes))
    if taken := units.known(work, once):
        raise AlreadyThere(kind="unit", code_text=next(iter(taken)))
    return _number(work, found, once, boards=boards)


def _number(work: Work, order: WorkOrder, codes: Sequence[str], *, boards: int) -> Numbered:
    if order.status not in OPEN_ORDER:
        raise CannotReport(thing=order.code, status=order.standing)
    left = _room(work, order)
    if len(codes) * boards > left:
        raise TooManyUnits(order=order.code, left=max(left, Decimal(0)), asked=len(codes) * boards)
    task = _begins(work, order)
    made = [
        new_unit(work, order, code, sequence=task.sequence, pieces=boards, is_panel=boards > 1)
        for code in codes
    ]
    work.session.add_all(made)
    whole, each = ("order", order.id), Decimal(boards)
    work.session.add_all(
        edges.new(work, How.MADE, parent=whole, child=("unit", it.id), quantity=each) for it in made
    )
    numbered = Numbered(
        order=order.code,
        first=codes[0],
        last=codes[-1],
        units=list(codes),
        count=len(codes),
        operation=task.name,
        left=left - len(codes) * boards,
    )
    data = {**numbered, "line": order.line, "boards": boards}
    work.record("unit.commissioned", data=data, about=[("work_order", order.id)])
    return numbered


def _room(work: Work, order: WorkOrder) -> Decimal:
    """Return for how many pieces more there may be numbers: the order's, and what may be made above."""
    most = (order.quantity * (1 + order.over_allowance)).to_integral_value(ROUND_FLOOR)
    return most - units.numbered(work, order_id=order.id)


def _begins(work: Work, order: WorkOrder) -> OperationTask:
    rules = routes.operations(work, route_id=order.route_id or 0)
    per_unit = {it.sequence for it in rules if it.per_unit}
    task = walk.first(orders.tasks(work, order), per_unit=per_unit)
    if task is None:
        raise CannotReport(thing=order.code, status=order.standing)
    return task


def divide(work: Work, *, panel: str, codes: Sequence[str] = (), count: int = 0) -> Numbered:
    """Divide a panel into its boards, with the serial numbers given or made from its own.

    The boards wait where the panel stood. Raises NotFound, NotAPanel, AlreadyThere.
    """
    require(work, "work.report")
    whole = units.lock_under(work, codes=[panel])[0]
    number = count or len(codes) or whole.pieces
    names = list(dict.fromkeys(codes)) or [f"{whole.code}-{at}" for at in range(1, number + 1)]
    whole_yet = whole.is_panel and bool(whole.pieces) and (whole.waits or whole.is_in)
    if not whole_yet or len(names) != whole.pieces:
        raise NotAPanel(unit=whole.code, pieces=whole.pieces)
    if taken := units.known(work, names):
        raise AlreadyThere(kind="unit", code_text=next(iter(taken)))
    order = work.session.get_one(WorkOrder, whole.order_id)
    boards = [new_unit(work, order, code, sequence=whole.sequence) for code in names]
    for board in boards:
        board.rounds, board.owes = whole.rounds, whole.owes
    whole.pieces, whole.owes = 0, []
    whole.go_through(then=None)
    work.session.add_all(boards)
    work.session.add_all(
        edges.new(work, How.DIVIDED, parent=("unit", whole.id), child=("unit", it.id), quantity=Decimal(1))
        for it in boards
    )
    at = next(it for it in orders.tasks(work, order) if it.sequence == whole.sequence)
    divided = Numbered(
        order=order.code,
        first=names[0],
        last=names[-1],
        units=names,
        count=len(names),
        operation=at.name,
        left=Decimal(0),
    )
    data = {**divided, "panel": whole.code, "line": order.line}
    work.record("unit.divided", data=data, about=[("work_order", order.id)])
    return divided


def new_unit(
    work: Work, order: WorkOrder, code: str, *, sequence: int, pieces: int = 1, is_panel: bool = False
) -> Unit:
    """Return a piece of an order that waits for the operation at `sequence`."""
    return Unit(
        id=work.new_id(),
        site_id=work.site_id,
        code=code,
        product_id=order.product_id,
        order_id=order.id,
        status=UnitStatus.QUEUED,
        sequence=sequence,
        first_sequence=sequence,
        rounds=0,
        owes=[],
        pieces=pieces,
        is_panel=is_panel,
        reason="",
        made_at=work.now,
        void=False,
    )
