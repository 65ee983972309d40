"""What is set aside and asked for on behalf of an order."""

from sqlalchemy import select

from domain.models.supply import Requisition, RequisitionStatus, Reservation
from domain.work import Work


def let_go(work: Work, *, order_id: int) -> list[str]:
    """End the order's reservations and cancel its open requisitions; returns the codes of these."""
    held = select(Reservation).where(Reservation.order_id == order_id, Reservation.until.is_(None))
    for reservation in work.session.scalars(held.where(~Reservation.void).with_for_update()):
        reservation.until = work.now
    asked = select(Requisition).where(Requisition.order_id == order_id, ~Requisition.void)
    going = asked.where(Requisition.status.in_((RequisitionStatus.REQUESTED, RequisitionStatus.TAKEN)))
    dropped = work.session.scalars(going.order_by(Requisition.number).with_for_update()).all()
    for requisition in dropped:
        requisition.move(RequisitionStatus.CANCELLED)
        requisition.due_at = None
    return [requisition.code for requisition in dropped]
