"""客户退货: what a customer sends back is out of its boxes, and is reworked or scrapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypedDict

from domain.errors import NotFound, NotSoManyAway, WhichOfThem
from domain.models.container import Container, ContainerStatus, Shipment, ShipmentStatus
from domain.models.genealogy import Edge, How
from domain.models.unit import Unit, UnitStatus
from domain.permits import require
from domain.queries import contents, holds, pieces, shipments
from domain.queries.named import Named, Thing
from domain.store import containers, edges, orders, units
from domain.work import Work

PLACES: Final = (How.PACKED, How.SHIPPED)
ZERO: Final = Decimal(0)


class Returned(TypedDict):
    """What came back: `count` pieces with numbers, `holds` with those that have none, of these `orders`.

    `boxes` are back too. Of the one shipment that all is of, `away` is what the customer still has.
    """

    shipment: str
    customer: str
    things: list[str]
    boxes: list[str]
    orders: list[str]
    count: int
    holds: Decimal
    away: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class _Back:
    """What comes back: whole shipments and containers, pieces, and so much by edges without numbers."""

    things: list[str]
    sent: list[Shipment] = field(default_factory=list)
    boxes: list[Container] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    loose: list[tuple[Edge, Decimal]] = field(default_factory=list)

    @property
    def left(self) -> list[Thing]:
        """What leaves the place in which it sits."""
        return [*(("unit", it.id) for it in self.units), *(("container", it.id) for it in self.boxes)]

    @property
    def orders(self) -> list[int]:
        """Whose pieces they are, once each."""
        return sorted({it.order_id for it in self.units} | {edge.parent_id for edge, _much in self.loose})


def take_back(work: Work, *, codes: Sequence[str], reason: str, quantity: Decimal | None = None) -> Returned:
    """Write down that a customer has sent back shipments, containers or pieces; or so many without numbers.

    Pieces stand as returned; those without numbers have left their box and cannot be packed again. A
    container or shipment of which nothing is away any more is back as well. Raises NotFound, WrongState,
    and of a `quantity` WhichOfThem, NotSoManyAway.
    """
    require(work, "unit.ship")
    numbers = len(units.known(work, codes)) == len(codes) == quantity
    back = _whole(work, codes) if quantity is None or numbers else _part(work, codes, quantity=quantity)
    concerned = _concerned(work, back)
    for box in back.boxes:
        box.come_back(reason=reason)
    for unit in back.units:
        unit.move(UnitStatus.RETURNED)
        unit.reason = reason
    for sent in back.sent:
        sent.move(ShipmentStatus.RETURNED)
    places = _out(work, back.left) + [_taken_out(work, edge, much) for edge, much in back.loose]
    boxes = [*back.boxes, *_emptied(work, places, reason=reason)]
    return _record(work, back, concerned, boxes=boxes, reason=reason)


def _whole(work: Work, codes: Sequence[str]) -> _Back:
    """Find and lock all that is in shipments and containers, and pieces; raises NotFound."""
    sent = _shipments(work, codes)
    things = [code for code in codes if code not in sent]
    things += [holds.code_of(work, kind=kind, ref=ref) for kind, ref in _in(work, sent)]
    found = units.lock_under(work, codes=contents.spelt_out(work, things))
    outer = list(containers.by_codes(work, things).values())
    inner = [ref for box in outer for kind, ref in contents.content_of(work, container_id=box)]
    boxes = containers.lock_all(work, [*outer, *inner])
    loose = [(it, it.quantity) for it in contents.unnumbered(work, [box.id for box in boxes])]
    return _Back(things=things, sent=list(sent.values()), boxes=boxes, units=found, loose=loose)


def _shipments(work: Work, codes: Sequence[str]) -> dict[str, Shipment]:
    return {it.code: it for code in codes if (it := containers.shipment(work, code=code)) is not None}


def _in(work: Work, sent: Mapping[str, Shipment]) -> list[Thing]:
    return [thing for it in sent.values() for thing in shipments.things(work, shipment_id=it.id)]


def _part(work: Work, codes: Sequence[str], *, quantity: Decimal) -> _Back:
    """Find so many pieces without numbers in the one box, and of the one order, that these codes mean."""
    sent, boxes = _shipments(work, codes), containers.by_codes(work, codes)
    made_by = _orders(work, [code for code in codes if code not in sent and code not in boxes])
    outer = [*boxes.values(), *(ref for kind, ref in _in(work, sent) if kind == "container")]
    seen = contents.unnumbered(work, outer) if outer else contents.unnumbered_away(work, made_by)
    meant = sorted({(it.child_id, it.parent_id) for it in seen if it.parent_id in made_by or not made_by})
    if not meant:
        raise NotSoManyAway(thing=codes[0], there=ZERO, asked=quantity)
    if len(meant) > 1:
        raise WhichOfThem(thing=codes[0], among=_told_apart(work, meant), asked=quantity)
    ((inside, order),) = meant
    (box,) = containers.lock_all(work, [inside])
    box.check_away()
    there = [it for it in contents.unnumbered(work, [inside]) if it.parent_id == order]
    if quantity > (away := sum((it.quantity for it in there), ZERO)):
        raise NotSoManyAway(thing=codes[0], there=away, asked=quantity)
    return _Back(things=[box.code], loose=list(contents.shared_out(there, quantity)))


def _orders(work: Work, codes: Sequence[str]) -> list[int]:
    found = {code: orders.find(work, code=code) for code in codes}
    for code, order in found.items():
        if order is None:
            raise NotFound(kind="unit_or_container", code_text=code)
    return [order.id for order in found.values() if order is not None]


def _told_apart(work: Work, meant: Sequence[tuple[int, int]]) -> str:
    """Name the boxes in which pieces without numbers are, or the orders if it is one box."""
    boxes, made_by = ({pair[at] for pair in meant} for at in (0, 1))
    kind, refs = ("container", boxes) if len(boxes) > 1 else ("order", made_by)
    return "、".join(sorted(holds.code_of(work, kind=kind, ref=ref) for ref in refs))


def _concerned(work: Work, back: _Back) -> list[Named]:
    """Return the shipments that what comes back is of."""
    of = [*back.left, *((edge.child_kind, edge.child_id) for edge, _much in back.loose)]
    around = {it.id: it for it in pieces.around(work, of).values() if it.kind == "shipment"}
    return [around[ref] for ref in sorted(around)]


def _out(work: Work, things: Sequence[Thing]) -> list[Thing]:
    """End that these things sit where they do; return where that was."""
    left = containers.open_edges(work, of=things, how=PLACES)
    for sits in left:
        sits.ended_at = work.now
    return [(it.child_kind, it.child_id) for it in left]


def _taken_out(work: Work, edge: Edge, much: Decimal) -> Thing:
    """End so much of an edge; return where it led."""
    box = (edge.child_kind, edge.child_id)
    if much == edge.quantity:
        edge.ended_at = work.now
        return box
    edge.quantity -= much
    back = edges.new(work, edge.how, parent=(edge.parent_kind, edge.parent_id), child=box, quantity=much)
    back.ended_at = work.now
    work.session.add(back)
    return box


def _emptied(work: Work, places: Sequence[Thing], *, reason: str) -> list[Container]:
    """Let come back what nothing is left in, and what that was in, inside out; return the containers."""
    boxes: list[Container] = []
    for kind, ref in sorted(set(places)):
        place = containers.lock_place(work, kind=kind, ref=ref)
        if containers.open_edges(work, of=[(kind, ref)], how=PLACES, upwards=True):
            continue
        if isinstance(place, Shipment) and place.status is ShipmentStatus.SHIPPED:
            place.move(ShipmentStatus.RETURNED)
        elif isinstance(place, Container) and place.status is ContainerStatus.SHIPPED:
            place.come_back(reason=reason)
            boxes += [place, *_emptied(work, _out(work, [(kind, ref)]), reason=reason)]
    return boxes


def _record(
    work: Work, back: _Back, concerned: Sequence[Named], *, boxes: Sequence[Container], reason: str
) -> Returned:
    one = concerned[0] if len(concerned) == 1 else None
    left = shipments.content(work, shipment_id=one.id) if one else ()
    returned = Returned(
        shipment=one.code if one else "",
        customer=one.what if one else "",
        things=back.things,
        boxes=[box.code for box in boxes],
        orders=[holds.code_of(work, kind="order", ref=ref) for ref in back.orders],
        count=len(back.units),
        holds=len(back.units) + sum((much for _edge, much in back.loose), ZERO),
        away=sum((it.quantity for it in left), ZERO),
        reason=reason,
    )
    about = [("shipment", it.id) for it in concerned] + [("work_order", ref) for ref in back.orders]
    work.record("shipment.returned", data={**returned}, about=about)
    return returned
