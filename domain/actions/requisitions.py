"""领料: asked for by the floor, taken by the warehouse, issued; with a clock at each step."""

from decimal import Decimal
from typing import Any, Final

from domain.actions.reservations import reserve
from domain.errors import NothingNeeded, NothingToReport, NotOnBom
from domain.models.lot import Lot
from domain.models.supply import Requisition, RequisitionLine, RequisitionStatus
from domain.models.work_order import WorkOrder
from domain.permits import require
from domain.queries import picking
from domain.queries.requisitions import standing
from domain.store import orders, people, reservations, supply
from domain.work import Work

ZERO: Final = Decimal(0)


def request(work: Work, *, order: str, material: str = "", quantity: Decimal | None = None) -> dict[str, Any]:
    """Ask for all that an order still needs, or for so much of one material; lots are set aside for it.

    Returns how it stands, as `queries/requisitions.py: standing` tells it.

    Raises NotFound, CannotIssue, NotOnBom, NothingToReport, NothingNeeded.
    """
    require(work, "material.request")
    target = orders.lock(work, code=order)
    target.take_material()
    wanted = _all(work, target) if not material else _one(work, target, material=material, quantity=quantity)
    if not wanted:
        raise NothingNeeded(order=target.code)
    made = _new(work, target)
    work.session.add(made)
    for what, amount in wanted.items():
        work.session.add(_line(work, made, material_id=what, quantity=amount))
    _set_aside(work, target, wanted)
    return _record(work, "requisition.requested", made)


def _all(work: Work, order: WorkOrder) -> dict[int, Decimal]:
    """Return what the order needs, less what it has and what is asked for already."""
    asked = supply.asked_for(work, order)
    wanted: dict[int, Decimal] = {}
    for need in picking.needs(work, order=order):
        wanted[need.line.material_id] = wanted.get(need.line.material_id, ZERO) + need.open
    return {
        what: amount - asked.get(what, ZERO)
        for what, amount in wanted.items()
        if amount > asked.get(what, ZERO)
    }


def _one(work: Work, order: WorkOrder, *, material: str, quantity: Decimal | None) -> dict[int, Decimal]:
    what = supply.material_called(work, code=material)
    line = supply.line_taking(work, order, material_id=what.id)
    if line is None:
        raise NotOnBom(material=what.code, order=order.code)
    if quantity is None:
        every = _all(work, order)
        return {line.material_id: every[line.material_id]} if line.material_id in every else {}
    if quantity <= ZERO:
        raise NothingToReport(order=order.code, operation=what.code)
    return {line.material_id: quantity}


def _new(work: Work, order: WorkOrder) -> Requisition:
    return Requisition(
        id=work.new_id(),
        site_id=work.site_id,
        number=supply.next_number(work),
        order_id=order.id,
        requested_by=work.actor.person_id,
        requested_at=work.now,
        requested_in=work.heard_in,
        due_at=work.now + work.playbook.limits.requisition_take,
        reminded=0,
        status=RequisitionStatus.REQUESTED,
        void=False,
    )


def _line(work: Work, made: Requisition, *, material_id: int, quantity: Decimal) -> RequisitionLine:
    return RequisitionLine(
        id=work.new_id(),
        requisition_id=made.id,
        material_id=material_id,
        quantity=quantity,
        issued=ZERO,
        void=False,
    )


def _set_aside(work: Work, order: WorkOrder, wanted: dict[int, Decimal]) -> None:
    """Reserve what the pick list says, so that no other order's list names it."""
    held = {it.lot_id: it.quantity for it in reservations.of_order(work, order) if not it.at_line}
    for need in picking.needs(work, order=order):
        for pick in need.picks if need.line.material_id in wanted else ():
            more = pick.quantity - held.get(pick.lot_id, ZERO)
            if more > ZERO:
                reserve(work, work.session.get_one(Lot, pick.lot_id), order, quantity=more)


def take(work: Work, *, number: int) -> dict[str, Any]:
    """Take the ball (接): the warehouse brings it; raises NotFound, WrongState."""
    require(work, "lot.issue")
    found = supply.lock_requisition(work, number=number)
    found.leave(RequisitionStatus.REQUESTED, to=RequisitionStatus.TAKEN)
    found.taken_by, found.taken_at, found.reminded = work.actor.person_id, work.now, 0
    found.due_at = work.now + work.playbook.limits.requisition_issue
    return _record(work, "requisition.taken", found)


def cancel(work: Work, *, number: int, reason: str = "") -> dict[str, Any]:
    """Do without: what was set aside for it is free again; raises NotFound, WrongState."""
    require(work, "material.request")
    found = supply.lock_requisition(work, number=number)
    found.move(RequisitionStatus.CANCELLED)
    found.due_at = None
    order = work.session.get_one(WorkOrder, found.order_id)
    for one in reservations.of_order(work, order):
        if not one.at_line:
            one.until = work.now
    return _record(work, "requisition.cancelled", found, reason=reason)


def remind(work: Work, *, requisition_id: int) -> bool:
    """Remind whoever has the ball of a late requisition; False if another node has, or it is done."""
    found = supply.lock_requisition_by_id(work, requisition_id)
    if found is None or found.due_at is None or found.due_at > work.now:
        return False
    taken = found.status is RequisitionStatus.TAKEN
    limits = work.playbook.limits
    found.reminded += 1
    found.due_at = work.now + (limits.requisition_issue if taken else limits.requisition_take)
    holder = [it.job_number for it in people.by_ids(work, [found.taken_by] if found.taken_by else [])]
    _record(work, "requisition.late", found, called=holder, reminded=found.reminded)
    return True


def _record(work: Work, event_type: str, found: Requisition, **data: Any) -> dict[str, Any]:
    asked = standing(work, requisition_id=found.id)
    about = [("requisition", found.id), ("work_order", found.order_id)]
    work.record(event_type, data={**asked, **data}, about=about)
    return asked
