"""What is at a station now: loaded reels, lots that stand there, work that is left, what is wrong there."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from domain.models.andon import Andon, AndonStatus
from domain.models.floor import Loading, Slot
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.work_order import WorkOrder
from domain.queries import andons, orders
from domain.work import Work

MOST: Final = 8


@dataclass(frozen=True, kw_only=True)
class Reel:
    """A lot in a slot of a station, for an order; `slot` and `order` are empty where it only stands there."""

    slot: str
    lot: str
    material: str
    on_hand: Decimal
    unit: str
    order: str


@dataclass(frozen=True, kw_only=True)
class Left:
    """So much that an operation done there has left of an order."""

    order: str
    operation: str
    left: Decimal


@dataclass(frozen=True, kw_only=True)
class AtStation:
    """What is at one station; of each kind the first few, and how many lots only stand there."""

    reels: tuple[Reel, ...]
    lots: tuple[Reel, ...]
    left: tuple[Left, ...]
    andons: tuple[str, ...]
    locked: tuple[str, ...]


def at_station(work: Work, *, station: str) -> AtStation:
    """Return what is at a station (its code)."""
    work.session.flush()
    reels = _reels(work, station)
    return AtStation(
        reels=reels,
        lots=_lots(work, station, besides={it.lot for it in reels}),
        left=tuple(_left(work, station)),
        andons=_andons(work, station),
        locked=_locked(work, station),
    )


def set_up_at(work: Work, *, station: str) -> frozenset[str]:
    """Return the orders (codes) whose reels are loaded at a station."""
    return frozenset(reel.order for reel in _reels(work, station))


def _reels(work: Work, station: str) -> tuple[Reel, ...]:
    query = (
        select(Slot.code, Lot.code, Material.code, Lot.on_hand, Lot.unit, WorkOrder.code)
        .join(Loading, Loading.slot_id == Slot.id)
        .join(Lot, Lot.id == Loading.lot_id)
        .join(Material, Material.id == Lot.material_id)
        .join(WorkOrder, WorkOrder.id == Loading.order_id)
        .where(Slot.site_id == work.site_id, Slot.station == station, Loading.until.is_(None), ~Loading.void)
    )
    rows = work.session.execute(query.order_by(Slot.id)).all()
    return tuple(
        Reel(slot=slot, lot=lot, material=material, on_hand=on_hand, unit=unit, order=order)
        for slot, lot, material, on_hand, unit, order in rows
    )


def _lots(work: Work, station: str, *, besides: set[str]) -> tuple[Reel, ...]:
    query = (
        select(Lot.code, Material.code, Lot.on_hand, Lot.unit)
        .join(Material, Material.id == Lot.material_id)
        .where(Lot.site_id == work.site_id, Lot.place == station, Lot.on_hand > 0, ~Lot.void)
        .where(Lot.code.not_in(besides))
    )
    rows = work.session.execute(query.order_by(Lot.id).limit(MOST)).all()
    return tuple(
        Reel(slot="", lot=lot, material=material, on_hand=on_hand, unit=unit, order="")
        for lot, material, on_hand, unit in rows
    )


def _left(work: Work, station: str) -> Sequence[Left]:
    place = next(it for it in work.playbook.stations if it.code == station)
    names = {work.playbook.operation(code).name for code in place.operations}
    return [
        Left(order=order.code, operation=task.name, left=task.left + task.open_rework)
        for order in orders.open_orders(work)
        if not order.line or order.line == place.line
        for task in order.tasks
        if task.name in names and (task.left or task.open_rework)
    ][:MOST]


def _andons(work: Work, station: str) -> tuple[str, ...]:
    query = select(Andon.number).where(Andon.site_id == work.site_id, Andon.place == station, ~Andon.void)
    numbers = work.session.scalars(query.where(Andon.status != AndonStatus.CLOSED).order_by(Andon.id))
    found = (andons.numbered(work, number) for number in numbers.all()[:MOST])
    return tuple(" ".join(filter(None, (it.code, it.kind, it.text))) for it in found)


def _locked(work: Work, station: str) -> tuple[str, ...]:
    query = select(Slot).where(Slot.site_id == work.site_id, Slot.station == station, Slot.locked, ~Slot.void)
    return tuple(it.place for it in work.session.scalars(query.order_by(Slot.id)))
