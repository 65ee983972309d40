"""出货、投诉: what left for a customer, and what they complained of."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypedDict

from domain.errors import NotFound, NothingInside, SitsIn
from domain.models.container import Container, ContainerStatus, Shipment, ShipmentStatus
from domain.models.finding import Complaint
from domain.models.genealogy import How
from domain.models.unit import Unit, UnitStatus
from domain.permits import require
from domain.queries import contents, holds, loose, named, shipments
from domain.queries.contents import Amount
from domain.store import containers, edges, findings, units
from domain.work import Work

ONE: Final = Decimal(1)


class Shipped(TypedDict):
    """What left: `count` pieces with numbers, `holds` with those that have none, order by order."""

    shipment: str
    customer: str
    things: list[str]
    count: int
    holds: Decimal
    content: tuple[Amount, ...]


class Complained(TypedDict):
    """A complaint as it was written down."""

    complaint: str
    customer: str
    thing: str
    text: str


def ship(work: Work, *, codes: Sequence[str], customer: str = "", customer_order: str = "") -> Shipped:
    """Ship closed containers and finished pieces to a customer, as one shipment.

    Raises NotFound, NothingInside, WrongState, SitsIn, Held, InRework.
    """
    require(work, "unit.ship")
    boxes, single = _given(work, codes)
    _refuse_empty(work, boxes)
    for box in boxes:
        _refuse(work, ("container", box.id), box.code)
    loose.refuse_in_rework(work, single)
    for unit in single:
        unit.put_into(thing=unit.code)
        _refuse(work, ("unit", unit.id), unit.code)
        unit.move(UnitStatus.PACKED)
    sent = Shipment(
        id=work.new_id(),
        site_id=work.site_id,
        code=containers.next_shipment(work),
        customer=customer,
        customer_order=customer_order,
        status=ShipmentStatus.DRAFT,
        void=False,
    )
    sent.move(ShipmentStatus.SHIPPED)
    sent.shipped_at = work.now
    work.session.add(sent)
    count = _send(work, sent, boxes, single)
    return _record(work, sent, codes, count=count)


def _given(work: Work, codes: Sequence[str]) -> tuple[list[Container], list[Unit]]:
    """Lock what is to leave, pieces first: containers and loose pieces. Raises NotFound."""
    boxes = containers.by_codes(work, codes)
    single = units.lock_under(work, codes=[code for code in codes if code not in boxes])
    return [containers.lock(work, code=code) for code in codes if code in boxes], single


def _refuse_empty(work: Work, boxes: Sequence[Container]) -> None:
    """Refuse a container that nothing is in; one that is in another was closed over something."""
    into = containers.open_edges(
        work, of=[("container", box.id) for box in boxes], how=(How.PACKED,), upwards=True
    )
    for box in boxes:
        if box.id not in {it.child_id for it in into}:
            raise NothingInside(container=box.code)


def _refuse(work: Work, thing: tuple[str, int], code: str) -> None:
    """Refuse what is held, or goes with something else; raises Held, SitsIn."""
    holds.refuse_held(work, kind=thing[0], ref=thing[1], code=code)
    for sits in containers.open_edges(work, of=[thing], how=(How.PACKED, How.ASSEMBLED, How.SHIPPED)):
        raise SitsIn(thing=code, inside=holds.code_of(work, kind=sits.child_kind, ref=sits.child_id))


def _send(work: Work, sent: Shipment, boxes: Sequence[Container], single: Sequence[Unit]) -> int:
    """Let it all leave, with what is inside; returns how many pieces with numbers that are."""
    things = [(("container", box.id), box.labelled or ONE) for box in boxes]
    things += [(("unit", unit.id), ONE) for unit in single]
    work.session.add_all(
        edges.new(work, How.SHIPPED, parent=thing, child=("shipment", sent.id), quantity=quantity)
        for thing, quantity in things
    )
    inner, packed = _inside(work, boxes)
    for box in (*boxes, *inner):
        box.move(ContainerStatus.SHIPPED)
    for unit in (*single, *packed):
        unit.move(UnitStatus.SHIPPED)
    return len(single) + len(packed)


def _inside(work: Work, boxes: Sequence[Container]) -> tuple[list[Container], list[Unit]]:
    content = [it for box in boxes for it in contents.content_of(work, container_id=box.id)]
    inner = [work.session.get_one(Container, ref) for kind, ref in content if kind == "container"]
    packed = units.lock_all(work, [ref for kind, ref in content if kind == "unit"])
    return inner, list(packed.values())


def _record(work: Work, sent: Shipment, codes: Sequence[str], *, count: int) -> Shipped:
    content = shipments.content(work, shipment_id=sent.id)
    shipped = Shipped(
        shipment=sent.code,
        customer=sent.customer,
        things=list(codes),
        count=count,
        holds=sum((it.quantity for it in content), Decimal(0)),
        content=content,
    )
    data = {name: told for name, told in shipped.items() if name != "content"}
    about = [("shipment", sent.id), *(("work_order", it.order_id) for it in content)]
    work.record("shipment.shipped", data=data, about=about)
    return shipped


def complain(work: Work, *, code: str, customer: str, text: str) -> Complained:
    """Write down a customer's complaint against a lot, a piece, a container, a shipment or an order.

    Raises NotFound.
    """
    require(work, "complaint.record")
    found = named.find(work, code=code)
    if found is None:
        raise NotFound(kind="code", code_text=code)
    complaint = Complaint(
        id=work.new_id(),
        site_id=work.site_id,
        number=findings.next_number(work, complaint=True),
        customer=customer,
        kind=found.kind,
        ref=found.id,
        text=text,
        recorded_by=work.actor.person_id,
        recorded_at=work.now,
        void=False,
    )
    work.session.add(complaint)
    done = Complained(complaint=f"TS-{complaint.number}", customer=customer, thing=found.code, text=text)
    table = "work_order" if found.kind == "order" else found.kind
    work.record("complaint.recorded", data={**done}, about=[(table, found.id)])
    return done
