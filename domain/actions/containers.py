"""装箱、封箱、开箱: what goes into boxes, pallets and carriers, and what a closed one holds."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final, TypedDict

from domain.errors import (
    ContainerShut,
    InItself,
    NotFound,
    NotInside,
    NotSoManyInside,
    OtherProduct,
    SitsIn,
    TooFewFinished,
)
from domain.models.container import Container, ContainerKind, ContainerStatus
from domain.models.genealogy import Edge, How
from domain.models.material import Material
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import WorkOrder
from domain.permits import require
from domain.queries import contents, held, holds, inside, loose
from domain.store import containers, edges, orders, units
from domain.work import Work

ONE: Final = Decimal(1)
Thing = tuple[str, int]


class Packed(TypedDict):
    """What went into a container or out of it, and what it holds now (pieces, at any depth)."""

    container: str
    kind: ContainerKind
    things: list[str]
    count: int
    holds: Decimal
    reason: str


def pack(
    work: Work,
    *,
    container: str,
    codes: Sequence[str],
    kind: ContainerKind = ContainerKind.BOX,
    quantity: Decimal = ONE,
) -> Packed:
    """Put pieces, closed containers, or `quantity` of an order without numbers into a container.

    A code that no container has is a new one of this kind. Raises NotFound, ContainerShut, SitsIn, InItself,
    OtherProduct, WrongState, Held, InRework.
    """
    require(work, "unit.pack")
    pieces = units.known(work, codes)
    locked = units.lock_under(work, codes=[it for it in codes if it in pieces])
    box = containers.lock_if_there(work, code=container) or _new(work, container, kind=kind)
    box.take_and_give()
    _refuse_sitting(work, locked)
    loose.refuse_in_rework(work, locked)
    for unit in locked:
        _same_product(work, box, unit.product_id, thing=unit.code)
        unit.put_into(thing=unit.code)
        unit.move(UnitStatus.PACKED)
    work.session.add_all(_packed(work, box, ("unit", unit.id), quantity=ONE) for unit in locked)
    for code in (it for it in codes if it not in pieces):
        _put_other(work, box, code, quantity=quantity)
    return _record(work, "container.packed", box, codes)


def _new(work: Work, code: str, *, kind: ContainerKind) -> Container:
    box = Container(
        id=work.new_id(),
        site_id=work.site_id,
        code=code,
        kind=kind,
        place="",
        status=ContainerStatus.OPEN,
        reason="",
        made_at=work.now,
        void=False,
    )
    work.session.add(box)
    return box


def _packed(work: Work, box: Container, thing: Thing, *, quantity: Decimal) -> Edge:
    return edges.new(work, How.PACKED, parent=thing, child=("container", box.id), quantity=quantity)


def _refuse_sitting(work: Work, given: Sequence[Unit]) -> None:
    """Refuse pieces that sit somewhere already, or are held; raises SitsIn, Held."""
    names = {unit.id: unit.code for unit in given}
    of = [("unit", ref) for ref in names]
    for sits in containers.open_edges(work, of=of, how=(How.PACKED, How.ASSEMBLED)):
        where = holds.code_of(work, kind=sits.child_kind, ref=sits.child_id)
        raise SitsIn(thing=names[sits.parent_id], inside=where)
    for ref in held.among(work, units=list(names)):
        holds.refuse_held(work, kind="unit", ref=ref, code=names[ref])


def _same_product(work: Work, box: Container, product_id: int | None, *, thing: str) -> None:
    if box.kind is not ContainerKind.BOX or product_id is None:
        return
    if box.product_id is None:
        box.product_id = product_id
    if box.product_id != product_id:
        known = work.session.get_one(Material, box.product_id).code
        raise OtherProduct(container=box.code, holds=known, thing=thing)


def _put_other(work: Work, box: Container, code: str, *, quantity: Decimal) -> None:
    """Put a closed container, or pieces of an order that have no numbers, into a container."""
    inner = containers.lock_if_there(work, code=code)
    if inner is None:
        order = orders.find(work, code=code)
        if order is None:
            raise NotFound(kind="unit_or_container", code_text=code)
        _same_product(work, box, order.product_id, thing=order.code)
        holds.refuse_held(work, kind="order", ref=order.id, code=order.code)
        _refuse_unfinished(work, order, quantity=quantity)
        work.session.add(_packed(work, box, ("order", order.id), quantity=quantity))
        return
    if inner.status is not ContainerStatus.CLOSED:
        raise ContainerShut(container=inner.code, status=inner.standing)
    holds.refuse_held(work, kind="container", ref=inner.id, code=inner.code)
    for sits in containers.open_edges(work, of=[("container", inner.id)], how=(How.PACKED,)):
        raise SitsIn(thing=code, inside=holds.code_of(work, kind=sits.child_kind, ref=sits.child_id))
    if inner.id == box.id or inside.contains(work, ("container", inner.id), ("container", box.id)):
        raise InItself(thing=code, inside=box.code)
    work.session.add(_packed(work, box, ("container", inner.id), quantity=inner.labelled or ONE))


def _refuse_unfinished(work: Work, order: WorkOrder, *, quantity: Decimal) -> None:
    """Refuse more pieces without numbers than an order has finished and still has; raises TooFewFinished."""
    its = loose.of(work, order)
    if quantity > its.there:
        raise TooFewFinished(
            order=order.code,
            left=its.there,
            asked=quantity,
            packed=its.packed,
            taken=its.taken,
            reworks="、".join(its.reworks),
        )


def unpack(
    work: Work, *, container: str, codes: Sequence[str], quantity: Decimal = ONE, reason: str = ""
) -> Packed:
    """Take pieces, containers, or `quantity` of an order without numbers out of an open container.

    Raises NotFound, ContainerShut, NotInside, NotSoManyInside.
    """
    require(work, "unit.pack")
    pieces = units.known(work, codes)
    locked = units.lock_under(work, codes=[it for it in codes if it in pieces])
    box = containers.lock(work, code=container)
    box.take_and_give()
    wanted = {("unit", it.id): it.code for it in locked}
    boxes = containers.by_codes(work, [it for it in codes if it not in pieces])
    wanted |= {("container", ref): code for code, ref in boxes.items()}
    for code in (it for it in codes if it not in pieces and it not in boxes):
        _take_loose(work, box, code, quantity=quantity)
    end_packed(work, box, wanted)
    for unit in locked:
        unit.move(UnitStatus.DONE)
    out = [it.id for it in locked]
    return _record(work, "container.unpacked", box, codes, reason=reason, units_=out)


def _take_loose(work: Work, box: Container, code: str, *, quantity: Decimal) -> None:
    """Take so many of an order without numbers out, the newest first: they were never packed then."""
    order = orders.find(work, code=code)
    there = [it for it in contents.unnumbered(work, [box.id]) if order and it.parent_id == order.id]
    if not there:
        raise NotInside(thing=code, inside=box.code)
    if quantity > (holds := sum((it.quantity for it in there), Decimal(0))):
        raise NotSoManyInside(thing=code, inside=box.code, there=holds, asked=quantity)
    for edge, much in contents.shared_out(there, quantity):
        if much == edge.quantity:
            edge.ended_at, edge.void = work.now, True
        else:
            edge.quantity -= much


def end_packed(work: Work, box: Container, wanted: dict[Thing, str]) -> None:
    """End the edges by which these things sit in a container; raises NotInside."""
    sitting = containers.open_edges(work, of=[("container", box.id)], how=(How.PACKED,), upwards=True)
    there = {(it.parent_kind, it.parent_id): it for it in sitting}
    for thing, code in wanted.items():
        if thing not in there:
            raise NotInside(thing=code, inside=box.code)
        there[thing].ended_at = work.now


def close(work: Work, *, container: str, labelled: Decimal | None = None) -> Packed:
    """Close a container over its contents, which must equal what its label says.

    Raises NotFound, LabelDiffers, WrongState, Held.
    """
    require(work, "unit.pack")
    box = containers.lock(work, code=container)
    holds.refuse_held(work, kind="container", ref=box.id, code=box.code)
    box.close(holds=count(work, box), labelled=labelled)
    return _record(work, "container.closed", box, ())


def reopen(work: Work, *, container: str, reason: str) -> Packed:
    """Open a closed container again, for a reason; one that sits in another stays shut. Raises SitsIn."""
    require(work, "unit.pack")
    box = containers.lock(work, code=container)
    for sits in containers.open_edges(work, of=[("container", box.id)], how=(How.PACKED,)):
        raise SitsIn(thing=box.code, inside=holds.code_of(work, kind=sits.child_kind, ref=sits.child_id))
    box.reopen(reason=reason)
    return _record(work, "container.reopened", box, (), reason=reason)


def count(work: Work, box: Container) -> Decimal:
    """Return how many pieces a container holds, at any depth."""
    return contents.count(work, container_id=box.id)


def _record(
    work: Work,
    event: str,
    box: Container,
    codes: Sequence[str],
    *,
    reason: str = "",
    units_: Collection[int] = (),
) -> Packed:
    """Write it down, also for the orders whose pieces it holds, or held until now (`units_`)."""
    packed = Packed(
        container=box.code,
        kind=box.kind,
        things=list(codes),
        count=len(codes),
        holds=count(work, box),
        reason=reason,
    )
    of = contents.orders_in(work, containers_=[box.id], units_=units_)
    work.record(
        event, data={**packed}, about=[("container", box.id), *(("work_order", order) for order in of)]
    )
    return packed
