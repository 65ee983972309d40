"""Whether one thing is part of another already, and whether anything is left of one."""

from sqlalchemy import CTE, and_, exists, or_, select

from domain.models.genealogy import Edge
from domain.models.lot import Lot
from domain.models.unit import Unit, UnitStatus
from domain.queries import walks
from domain.queries.named import Thing
from domain.work import Work


def contains(work: Work, whole: Thing, part: Thing) -> bool:
    """Say whether `part` went into `whole`, at any depth, and is there still.

    It is looked for from the part on: a piece or box is in few things, and of many.
    """
    return _leads(work, walks.walk(walks.begin(part), forward=True), to=whole)


def is_above(work: Work, thing: Thing, *, of: Thing) -> bool:
    """Say whether a thing ever went into another: an edge back would close a circle.

    It is looked for from the other on: a lot is made of few things, and goes into many.
    """
    return _leads(work, walks.walk(walks.begin(of), forward=False, along=(~Edge.void,)), to=thing)


def place_of(work: Work, thing: Thing) -> Thing | None:
    """Return the box or shipment that a thing, or what it is part of, is in; None where it is at hand."""
    way = walks.walk(walks.begin(thing), forward=True)
    work.session.flush()
    found = select(way.c.kind, way.c.ref).where(way.c.kind.in_(("container", "shipment")))
    row = work.session.execute(found.order_by(way.c.kind.desc()).limit(1)).first()
    return (row.kind, row.ref) if row else None


def _leads(work: Work, way: CTE, *, to: Thing) -> bool:
    work.session.flush()
    query = select(way.c.ref).where(way.c.kind == to[0], way.c.ref == to[1])
    return work.session.execute(query.limit(1)).first() is not None


def is_left(work: Work, thing: Thing) -> bool:
    """Say whether anything is left of a thing, or of what was made of it.

    Lots are as long as some is in stock, pieces until they are scrapped or (panels) divided.
    """
    of = walks.walk(walks.begin(thing), forward=True)
    lot = (of.c.kind == "lot") & (of.c.ref == Lot.id)
    unit = (of.c.kind == "unit") & (of.c.ref == Unit.id)
    piece = and_(Unit.pieces > 0, Unit.status != UnitStatus.SCRAPPED)
    left = or_(of.c.kind.not_in(("lot", "unit")), Lot.on_hand > 0, piece)
    work.session.flush()
    found = select(of.c.ref).outerjoin(Lot, lot).outerjoin(Unit, unit).where(left)
    return bool(work.session.scalar(select(exists(found))))
