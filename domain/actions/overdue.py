"""What a timer finds overdue: an order that stands still calls for help, a lot that runs out is told of."""

from domain.actions import andons
from domain.models.flow import unfinished
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.work_order import OrderStatus, WorkOrder
from domain.queries.overdue import STALLED, cause_of, expiring, hours, stalled_since
from domain.store import orders
from domain.work import Work


def call_for_stalled(work: Work, *, order_id: int) -> bool:
    """Raise an andon for an order that stands still; False if it moves again, or another node was first."""
    order = work.session.get(WorkOrder, order_id, with_for_update=True, populate_existing=True)
    if order is None or order.status is not OrderStatus.RUNNING:
        return False
    last = stalled_since(work, order_id=order_id)
    if last is None:
        return False
    at = _standing_at(work, order)
    andons.raise_by_rule(
        work,
        kind=work.playbook.andon_kind(STALLED).code,
        cause=cause_of(order_id, last[0]),
        text=f"{order.code} {at} 超过 {hours(work.playbook.limits.stalled)} 小时没有报工".replace("  ", " "),
        place=order.line,
        order_id=order_id,
    )
    return True


def _standing_at(work: Work, order: WorkOrder) -> str:
    """Name the first operation that has something left."""
    waiting = unfinished(order, orders.tasks(work, order))
    return waiting[0].name if waiting else ""


def tell_of_expiring(work: Work, *, lot_id: int) -> bool:
    """Record that a lot is about to run out, which is told once; False if it was told already."""
    lot = work.session.get(Lot, lot_id, with_for_update=True, populate_existing=True)
    if lot is None or lot_id not in expiring(work):
        return False
    material = work.session.get_one(Material, lot.material_id)
    data = {
        "lot": lot.code,
        "material": material.code,
        "material_name": material.name,
        "on_hand": lot.on_hand,
        "unit": lot.unit,
        "place": lot.place,
        "expires_at": lot.expires_at,
    }
    work.record("lot.expiring", data=data, about=[("lot", lot.id)])
    return True
