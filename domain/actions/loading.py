"""上料, 换料, 卸料: a lot into a slot of a station, matched with the order's bill of material (上料防错)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NotRequired, TypedDict

from domain.actions import approvals, reel_rests
from domain.actions.lots import material_of
from domain.actions.reel_rests import Rest
from domain.actions.reservations import refuse_others
from domain.actions.timers import refuse_expired
from domain.errors import NothingToLoad, SlotEmpty, SlotTaken, WhichOrder
from domain.models.approval import ApprovalKind
from domain.models.floor import Loading, Slot
from domain.models.lot import Lot
from domain.models.material import Material
from domain.models.routing import BomLine
from domain.models.work_order import WorkOrder
from domain.permits import not_own, require, who_may
from domain.queries.holds import refuse_held
from domain.store import loadings, lots, orders, supply
from domain.work import Work

Verdict = Literal["match", "alternate", "again", "wrong", "locked"]
ZERO: Final = Decimal(0)


class Loaded(TypedDict):
    """What a scan at a slot came to; `wrong` and `locked` loaded nothing and were counted.

    `expected` are the part numbers that the slot (or the order at this station) takes; `rest` is what was
    said to be left on the reel that was taken out.
    """

    verdict: Verdict
    slot: str
    order: str
    lot: str
    material: str
    material_name: str
    expected: list[str]
    on_hand: Decimal
    unit: str
    wrong: int
    previous: str
    rest: NotRequired[Rest]


@dataclass(frozen=True, kw_only=True)
class _Scan:
    """What is scanned where: all of it locked."""

    slot: Slot
    order: WorkOrder
    lot: Lot
    what: Material
    lines: list[BomLine]
    previous: Loading | None


def load(work: Work, *, station: str, slot: str, lot: str, order: str = "") -> Loaded:
    """Load a lot to a free slot; a wrong reel is refused and counted, three in a row lock the slot.

    `order` may be left out where only one can be meant. The same lot scanned again changes nothing. Raises
    NotFound, WhichOrder, NothingToLoad, SlotLocked, SlotTaken, LotReserved, and what forbids to use the lot.
    """
    require(work, "slot.load")
    scan = _scan(work, station=station, slot=slot, lot=lot, order=order)
    if scan.previous is not None and scan.previous.lot_id == scan.lot.id:
        return _told(work, scan, "again")
    if scan.previous is not None:
        raise SlotTaken(slot=scan.slot.place, lot=work.session.get_one(Lot, scan.previous.lot_id).code)
    return _put(work, scan, event="slot.loaded")


def exchange(
    work: Work, *, station: str, slot: str, lot: str, left: Decimal | None = None, reason: str = ""
) -> Loaded:
    """Put another lot in the place of the one in the slot, for the same order, without stopping the count.

    `left` is what is still on the old reel; what had been made by now is taken from it at the next report.
    Raises as `load` does, and SlotEmpty.
    """
    require(work, "slot.load")
    order = loadings.order_in(work, station=_station(work, station), code=slot)
    scan = _scan(work, station=station, slot=slot, lot=lot, order=order) if order else None
    if scan is None or scan.previous is None:
        raise SlotEmpty(slot=f"{_station(work, station)}/{slot}")
    if scan.previous.lot_id == scan.lot.id:
        return _told(work, scan, "again")
    return _put(work, scan, event="slot.exchanged", left=left, reason=reason)


def unload(work: Work, *, station: str, slot: str, left: Decimal | None = None, reason: str = "") -> Loaded:
    """Take the lot out of a slot (卸料); raises NotFound, SlotEmpty."""
    require(work, "slot.load")
    place = loadings.lock_slot(work, station=_station(work, station), code=slot)
    standing = loadings.loaded(work, place)
    if standing is None:
        raise SlotEmpty(slot=place.place)
    order = work.session.get_one(WorkOrder, standing.order_id)
    lot = lots.lock_ids(work, {standing.lot_id})[standing.lot_id]
    scan = _Scan(slot=place, order=order, lot=lot, what=material_of(work, lot), lines=[], previous=standing)
    rest = _take_out(work, scan, left=left, reason=reason)
    return _record(work, "slot.unloaded", scan, "match", rest=rest)


def unlock(work: Work, *, station: str, slot: str, reason: str) -> str:
    """Open a slot that wrong scans have locked: another person, of a role that may. Returns its name.

    Where nobody else who may is on shift it is done, marked, and waits for the next approver. Raises
    NotFound, SlotNotLocked, NotYourOwn.
    """
    require(work, "slot.unlock")
    place = loadings.lock_slot(work, station=_station(work, station), code=slot)
    locked_by = place.locked_by
    own = locked_by is not None and locked_by == work.actor.person_id
    if own and not approvals.may_stand(work, ApprovalKind.UNLOCK):
        not_own(work, person_id=locked_by, thing=place.place)
    place.unlock()
    work.record("slot.unlocked", data={"slot": place.place, "reason": reason}, about=[("slot", place.id)])
    if own:
        text = f"解锁站位 {place.place} {reason}"
        approvals.ask(work, kind=ApprovalKind.UNLOCK, subject=("slot", place.id), text=text)
    return place.place


def _station(work: Work, word: str) -> str:
    return work.playbook.station(word).code


def _scan(work: Work, *, station: str, slot: str, lot: str, order: str) -> _Scan:
    where = _station(work, station)
    target = orders.lock(work, code=order or _order_at(work, where))
    target.take_material()
    found = lots.lock(work, code=lot)
    place = loadings.lock_slot(work, station=where, code=slot)
    place.refuse_locked(who=who_may(work, "slot.unlock"))
    lines = _lines(work, target, place)
    if not lines:
        raise NothingToLoad(order=target.code, station=where)
    return _Scan(
        slot=place,
        order=target,
        lot=found,
        what=material_of(work, found),
        lines=lines,
        previous=loadings.loaded(work, place),
    )


def _order_at(work: Work, station: str) -> str:
    """Return the one order that can be meant: what is loaded there, signed on for, or can be done there."""
    codes = loadings.orders_at(work, station=station, operations=work.playbook.station(station).operations)
    if len(codes) != 1:
        raise WhichOrder(station=station)
    return codes[0]


def _lines(work: Work, order: WorkOrder, slot: Slot) -> list[BomLine]:
    """Return the lines that this slot takes: those of its number, else those at this station without one."""
    operations = work.playbook.station(slot.station).operations
    lines = supply.lines_of(work, order, operations=operations) if operations else ()
    own = [line for line in lines if line.slot == slot.code]
    return own or [line for line in lines if not line.slot]


def _put(work: Work, scan: _Scan, *, event: str, left: Decimal | None = None, reason: str = "") -> Loaded:
    line = next((it for it in scan.lines if it.material_id == scan.lot.material_id), None)
    alternate = next((it for it in scan.lines if scan.lot.material_id in it.alternates), None)
    fits = line or alternate
    if fits is None:
        return _refuse(work, scan)
    refuse_held(work, kind="lot", ref=scan.lot.id, code=scan.lot.code)
    scan.lot.check_usable(at=work.now)
    refuse_expired(work, scan.lot)
    refuse_others(work, scan.lot, scan.order, quantity=min(scan.lot.on_hand, _EVEN_A_LITTLE))
    rest = None
    if scan.previous is not None:
        rest = _take_out(work, scan, left=left, reason=reason)
        work.session.flush()  # the slot is free before it is taken again
    scan.slot.wrong = 0
    scan.lot.opened, scan.lot.place = True, scan.slot.place
    work.session.add(_loading(work, scan, fits))
    return _record(work, event, scan, "match" if line else "alternate", rest=rest)


_EVEN_A_LITTLE: Final = Decimal("0.000001")


def _refuse(work: Work, scan: _Scan) -> Loaded:
    """Count a wrong reel: this is no refusal that takes itself back, the third one locks the slot."""
    scan.slot.mistake(by=work.actor.person_id)
    if scan.slot.locked:
        return _record(work, "slot.locked", scan, "locked")
    return _record(work, "slot.refused", scan, "wrong")


def _take_out(work: Work, scan: _Scan, *, left: Decimal | None, reason: str) -> Rest | None:
    """Take the reel out of the slot; returns how what is left on it compares, where it was said."""
    if scan.previous is None:
        return None
    note = f"{scan.slot.place} {reason}".strip()
    rest = reel_rests.settle(work, scan.previous, left=left, note=note) if left is not None else None
    scan.previous.until, scan.previous.left = work.now, left
    scan.previous.reason = reason[:200]
    work.session.get_one(Lot, scan.previous.lot_id).place = scan.slot.station
    return rest


def _loading(work: Work, scan: _Scan, line: BomLine) -> Loading:
    return Loading(
        id=work.new_id(),
        slot_id=scan.slot.id,
        order_id=scan.order.id,
        bom_line_id=line.id,
        lot_id=scan.lot.id,
        loaded_by=work.actor.person_id,
        since=work.now,
        settled=False,
        short=ZERO,
        reason="",
        void=False,
    )


def _record(
    work: Work, event_type: str, scan: _Scan, verdict: Verdict, *, rest: Rest | None = None
) -> Loaded:
    told = _told(work, scan, verdict)
    about = [("slot", scan.slot.id), ("lot", scan.lot.id), ("work_order", scan.order.id)]
    work.record(event_type, data={**told, "line": work.playbook.station(scan.slot.station).line}, about=about)
    if rest is not None:
        told["rest"] = rest
    return told


def _told(work: Work, scan: _Scan, verdict: Verdict) -> Loaded:
    previous = work.session.get_one(Lot, scan.previous.lot_id).code if scan.previous else ""
    return Loaded(
        verdict=verdict,
        slot=scan.slot.place,
        order=scan.order.code,
        lot=scan.lot.code,
        material=scan.what.code,
        material_name=scan.what.name,
        expected=_expected(work, scan, verdict),
        on_hand=scan.lot.on_hand,
        unit=scan.lot.unit,
        wrong=scan.slot.wrong,
        previous=previous,
    )


def _expected(work: Work, scan: _Scan, verdict: Verdict) -> list[str]:
    """Return what was wanted: of an alternate what it stands for, else all that would have been taken."""
    own = [it.material_id for it in scan.lines if verdict != "alternate" or scan.what.id in it.alternates]
    others = [] if verdict == "alternate" else [other for it in scan.lines for other in it.alternates]
    return [work.session.get_one(Material, it).code for it in dict.fromkeys((*own, *others))]
