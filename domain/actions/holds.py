"""冻结 and 解冻: one row holds a thing, and by the derived rule everything made of it (ADR 0007)."""

from typing import Any, TypedDict

from domain.errors import AlreadyHeld, HeldAbove, NotHeld
from domain.models.genealogy import Hold
from domain.models.lot import Lot, LotStatus
from domain.permits import require
from domain.queries import inside, named
from domain.queries.holds import holds_over
from domain.queries.people import name_of
from domain.store import holds, things
from domain.work import HOUSE, Work


class HoldMoved(TypedDict):
    """What is held or free now: its kind (of edges), its code, what it is (part number and name), why."""

    kind: str
    code: str
    what: str
    reason: str


class Ended(TypedDict):
    """What became of the holds over what is gone: whether one ended, and what is held all the same."""

    unheld: bool
    held_by: str


def hold(work: Work, *, code: str, reason: str = "") -> HoldMoved:
    """Hold a lot, order, unit or container and with it all that is made of it, in the same instant.

    Raises NotFound, SeveralLots, AlreadyHeld.
    """
    require(work, "lot.hold")
    kind, thing = things.lock(work, code=code)
    standing = holds.active(work, kind=kind, ref=thing.id)
    if standing:
        who = name_of(work, standing[0].held_by) or HOUSE.name
        raise AlreadyHeld(thing=thing.code, who=who, reason=standing[0].reason)
    return place(work, thing, kind=kind, reason=reason)


def place(work: Work, thing: Any, *, kind: str = "lot", reason: str) -> HoldMoved:
    """Hold what is locked already and not held itself; whoever calls it has seen that this may be."""
    if isinstance(thing, Lot) and thing.may_move(LotStatus.QUARANTINED):
        thing.move(LotStatus.QUARANTINED)
    work.session.add(_new(work, kind, thing, reason))
    return _hold_record(work, "hold.placed", kind, thing, reason)


def lift(work: Work, *, code: str, reason: str = "") -> HoldMoved:
    """Let a held thing go; lots that nothing holds any more may be used again.

    Raises NotFound, SeveralLots, NotHeld, HeldAbove.
    """
    require(work, "lot.unhold")
    kind, thing = things.lock(work, code=code)
    standing = holds.active(work, kind=kind, ref=thing.id)
    quarantined = isinstance(thing, Lot) and thing.status is LotStatus.QUARANTINED
    above = [] if standing else holds_over(work, kind=kind, ref=thing.id)
    if above:
        raise HeldAbove(thing=thing.code, source=above[0].code)
    if not standing and not quarantined:
        raise NotHeld(thing=thing.code)
    for one in standing:
        one.until = work.now
    if isinstance(thing, Lot):
        _free(work, thing)
    return _hold_record(work, "hold.lifted", kind, thing, reason)


def end_with(work: Work, gone: Any, *, kind: str = "lot") -> Ended:
    """End the holds over a lot (or piece) that is gone, if nothing is left of what they hold.

    What has been made of it stays held: somebody still decides about that.
    """
    over = holds_over(work, kind=kind, ref=gone.id)
    ended = [it for it in over if not inside.is_left(work, (it.kind, it.ref))]
    for it in ended:
        work.session.get_one(Hold, it.id).until = work.now
    return Ended(unheld=bool(ended), held_by=next((it.code for it in over if it not in ended), ""))


def _new(work: Work, kind: str, thing: Any, reason: str) -> Hold:
    return Hold(
        id=work.new_id(),
        site_id=work.site_id,
        kind=kind,
        ref=thing.id,
        reason=reason[:200],
        held_by=work.actor.person_id,
        since=work.now,
        void=False,
    )


def _free(work: Work, lot: Lot) -> None:
    """Release a lot, and the parts split off from it, where nothing else holds them."""
    level, seen = [lot], {lot.id}
    while level:
        for one in level:
            if one.status is LotStatus.QUARANTINED and not holds_over(work, kind="lot", ref=one.id):
                one.move(LotStatus.RELEASED)
                one.settle()
        parts = holds.parts_of(work, {one.id for one in level})
        level = [part for part in parts if part.id not in seen]
        seen |= {part.id for part in level}


def _hold_record(work: Work, event_type: str, kind: str, thing: Any, reason: str) -> HoldMoved:
    what = named.called(work, [(kind, thing.id)])[kind, thing.id].what
    moved = HoldMoved(kind=kind, code=thing.code, what=what, reason=reason)
    about = "work_order" if kind == "order" else kind
    work.record(event_type, data={**moved, kind: thing.code}, about=[(about, thing.id)])
    return moved
