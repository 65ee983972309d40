"""Small changes by chat: one more operation, another amount; always as a new version.

Of a product they are for the orders released from then on. Of an order, which was frozen at its release, they
need a change-hold; the order goes on by the new version, and no other order takes it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict

from domain.actions import renumbering
from domain.actions.release import new_task
from domain.actions.versions import copied_lines, copied_steps, next_bom, next_route, put_after
from domain.errors import AlreadyThere, NoRoute, NotFound, NotHeldForChange, SayOperation
from domain.models.flow import refresh_gates
from domain.models.material import Material
from domain.models.routing import BomLine, BomVersion, Operation, RouteVersion
from domain.models.unit import UnitStatus
from domain.models.work_order import OperationTask, OrderStatus, WorkOrder
from domain.permits import require
from domain.store import orders, routes, units
from domain.work import Work

ZERO = Decimal(0)


class Changed(TypedDict):
    """What is made how from now on: the product, its new version, and the order that goes by it at once."""

    product: str
    product_name: str
    version: int
    order: str


class Amount(Changed):
    """An amount of the bill of material that changed; `was` None where the material is new to it."""

    material: str
    material_name: str
    operation: str
    was: Decimal | None
    quantity: Decimal
    unit: str


def add_operation(
    work: Work, *, operation: str, after: str, product: str = "", order: str = "", minutes: Decimal = ZERO
) -> Changed:
    """Put an operation behind another into the route of a product, or of an order on change-hold.

    Raises NotFound, NoRoute, AlreadyThere (it has it), NotHeldForChange.
    """
    require(work, "order.change")
    found = _held(work, order) if order else None
    made = _product(work, found, product)
    of, steps = _route(work, made, found)
    rule = work.playbook.operation(operation)
    if any(step.code == rule.code for step in steps):
        raise AlreadyThere(kind="operation", code_text=rule.name)
    if not any(step.code == work.playbook.operation(after).code for step in steps):
        raise NotFound(kind="operation", code_text=f"{made.code} {after}")
    step = Operation(
        id=work.new_id(),
        code=rule.code,
        name=rule.name,
        department=rule.department,
        standard_minutes=minutes,
    )
    renumbered = put_after(steps, step, after=work.playbook.operation(after).code)
    route = next_route(work, product_id=made.id, of=of, steps=steps, order=found)
    work.session.flush()
    if found is not None:
        _reroute(work, found, route, steps, new=step, renumbered=renumbered)
    return _record(work, "route.changed", made, found, route.version, added=rule.name, after=after)


def _reroute(
    work: Work,
    order: WorkOrder,
    route: RouteVersion,
    steps: list[Operation],
    *,
    new: Operation,
    renumbered: bool,
) -> None:
    """Give a running order one more task; what is past its place already does not come back to it.

    A numbered piece is past it when it has been through an operation behind it.
    """
    tasks = list(orders.tasks(work, order))
    if renumbered:
        renumbering.make_room(work, order, tasks)
    at = {step.code: step.id for step in steps}
    for task in tasks:
        task.operation_id = at.get(task.code, task.operation_id)
    added = new_task(work, order, new)
    later = [task for task in tasks if task.counts and task.sequence > new.sequence]
    added.passed = max((task.used + task.outside + task.passed for task in later), default=ZERO)
    added.passed = max(added.passed, _bring_back(work, order, added, tasks=later))
    work.session.add(added)
    order.route_id = route.id
    refresh_gates(order, sorted([*tasks, added], key=lambda task: task.sequence))


def _bring_back(
    work: Work, order: WorkOrder, added: OperationTask, *, tasks: Sequence[OperationTask]
) -> Decimal:
    """Put the pieces that only wait behind a new operation before it; returns how many are finished.

    `tasks` are those behind it. A piece has been at them itself, or without its number before it had one.
    """
    pieces = units.of_order(work, order_id=order.id)
    been = units.been_at(work, unit_ids=[unit.id for unit in pieces])
    for unit in pieces:
        past = any(at > added.sequence for at in been.get(unit.id, ()))
        past |= any(task.sequence < unit.first_sequence for task in tasks)
        waits = (unit.status is UnitStatus.QUEUED or unit.is_in) and not past
        if waits and added.sequence < unit.sequence:
            unit.go_back_to(sequence=added.sequence)
            unit.first_sequence = min(unit.first_sequence, added.sequence)
    return sum((Decimal(it.pieces) for it in pieces if it.status in units.FINISHED), ZERO)


def set_amount(
    work: Work, *, material: str, quantity: Decimal, product: str = "", order: str = "", operation: str = ""
) -> Amount:
    """Say how much of a material a piece takes; 0 leaves it out; a new one needs its operation.

    Raises NotFound, NoRoute, SayOperation (it is used in none or several), NotHeldForChange.
    """
    require(work, "order.change")
    found = _held(work, order) if order else None
    made = _product(work, found, product)
    part = orders.material(work, code=material)
    old = _bom(work, made, found)
    lines = copied_lines(work, [line for line, _ in routes.bom_lines(work, bom_id=old.id)])
    at = work.playbook.operation(operation).code if operation else ""
    line = _line(lines, made, part, at=at)
    was = line.quantity if line else None
    if line is None:
        _route_has(work, made, found, at)
        line = BomLine(id=work.new_id(), material_id=part.id, operation=at, positions=[], alternates=[])
        lines.append(line)
    line.quantity = quantity
    kept = [it for it in lines if it.quantity > ZERO]
    bom = next_bom(work, product_id=made.id, lines=kept, order=found)
    if found is not None:
        _rebill(work, found, old, bom, lines)
    done = _record(
        work, "bom.changed", made, found, bom.version, material=part.code, was=was, quantity=quantity
    )
    named = work.playbook.operation(line.operation).name
    return Amount(
        **done,
        material=part.code,
        material_name=part.name,
        operation=named,
        was=was,
        quantity=quantity,
        unit=part.unit,
    )


def _line(lines: list[BomLine], made: Material, part: Material, *, at: str) -> BomLine | None:
    mine = [it for it in lines if it.material_id == part.id and at in ("", it.operation)]
    if len(mine) > 1 or not (mine or at):
        raise SayOperation(product=made.code, material=part.code)
    return mine[0] if mine else None


def _route_has(work: Work, made: Material, order: WorkOrder | None, operation: str) -> None:
    _, steps = _route(work, made, order)
    if operation not in {step.code for step in steps}:
        raise NotFound(kind="operation", code_text=f"{made.code} {operation}")


def _rebill(work: Work, order: WorkOrder, old: BomVersion, new: BomVersion, lines: list[BomLine]) -> None:
    """Let an order go on by another bill of material, and what is loaded for it feed its lines."""
    order.bom_id = new.id
    work.session.flush()
    asked = {line.id: (line.material_id, line.operation) for line, _ in routes.bom_lines(work, bom_id=old.id)}
    now = {(line.material_id, line.operation): line.id for line in lines if line.quantity > ZERO}
    for loading in routes.living_loadings(work, order):
        loading.bom_line_id = now.get(asked.get(loading.bom_line_id, (0, "")), loading.bom_line_id)


def _held(work: Work, code: str) -> WorkOrder:
    order = orders.lock(work, code=code)
    if order.status is not OrderStatus.CHANGE_HOLD:
        raise NotHeldForChange(order=order.code, status=order.standing)
    return order


def _product(work: Work, order: WorkOrder | None, code: str) -> Material:
    if order is not None:
        return work.session.get_one(Material, order.product_id)
    return orders.material(work, code=code)


def _route(work: Work, made: Material, order: WorkOrder | None) -> tuple[RouteVersion, list[Operation]]:
    """Return copies of the operations that the order is frozen to, or the product's newest."""
    if order is not None and order.route_id is not None:
        frozen = work.session.get_one(RouteVersion, order.route_id)
        return frozen, copied_steps(work, routes.operations(work, route_id=frozen.id))
    newest = orders.newest_route(work, product_id=made.id)
    if newest is None:
        raise NoRoute(product=made.code)
    return newest[0], copied_steps(work, newest[1])


def _bom(work: Work, made: Material, order: WorkOrder | None) -> BomVersion:
    if order is not None and order.bom_id is not None:
        return work.session.get_one(BomVersion, order.bom_id)
    newest = orders.newest_bom(work, product_id=made.id)
    if newest is None:
        raise NoRoute(product=made.code)
    return newest


def _record(
    work: Work, event_type: str, made: Material, order: WorkOrder | None, version: int, **data: object
) -> Changed:
    changed = Changed(
        product=made.code, product_name=made.name, version=version, order=order.code if order else ""
    )
    about = [("material", made.id), *([("work_order", order.id)] if order else [])]
    line = order.line if order else ""
    work.record(event_type, data={**changed, "line": line, **data}, about=about)
    return changed
