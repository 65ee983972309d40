"""Reviews of bad product (NCR): raised with items, judged item by item, closed, opened again."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypedDict

from domain.actions import approvals, judging, lot_judging
from domain.errors import AlreadyMoved, NoSuchItem, NotFound, NothingToReport
from domain.models.approval import ApprovalKind
from domain.models.lot import Lot
from domain.models.nonconformance import (
    Disposition,
    NonConformance,
    NonConformanceItem,
    NonConformanceStatus,
)
from domain.models.unit import Unit, UnitStatus
from domain.models.work_order import OperationTask, WorkOrder
from domain.permits import not_own, require
from domain.queries import contents
from domain.store import lots, orders, reviews
from domain.work import Work

TEXT = 500
DEFECT = 80
ZERO = Decimal(0)
GIVES_AWAY = {Disposition.SCRAP: ApprovalKind.SCRAP, Disposition.USE_AS_IS: ApprovalKind.WAIVER}
"""What nobody decides alone about what they have raised themselves."""


class ReviewMoved(TypedDict):
    """How a review stands; `pending` is how many of its items nobody has decided about."""

    review: str
    order: str
    lot: str
    status: NonConformanceStatus
    text: str
    items: int
    pending: int


Piece = tuple[Unit | None, Decimal]


def raise_(
    work: Work, *, things: Sequence[str], quantity: Decimal = ZERO, operation: str = "", defect: str = ""
) -> ReviewMoved:
    """Raise a review about pieces of an order, a quantity of a lot, or single pieces: one item for each.

    `things` is the code of one order or lot, or those of pieces (of boxes: of what is in them). Quantities
    are in the order's or the lot's unit; of a lot without one all that is there. Raises NotFound,
    SeveralLots, SeveralOrders, NothingToReport, NoNumbers.
    """
    require(work, "review.raise")
    review = NonConformance(
        id=work.new_id(),
        site_id=work.site_id,
        text=defect[:TEXT],
        status=NonConformanceStatus.OPEN,
        raised_by=work.actor.person_id,
        raised_at=work.now,
        void=False,
    )
    if orders.find(work, code=things[0]):
        pieces = _of_order(work, review, things[0], quantity=quantity, operation=operation)
    elif lots.find(work, code=things[0]):
        pieces = _of_lot(work, review, things[0], quantity=quantity)
    else:
        pieces = _of_units(work, review, contents.numbered(work, things))
    review.number = reviews.next_number(work)
    work.session.add(review)
    for line, (unit, amount) in enumerate(pieces, start=1):
        work.session.add(_item(work, review, line=line, quantity=amount, unit=unit, defect=defect))
    return _tell(work, "nonconformance.raised", review)


def _of_order(
    work: Work, review: NonConformance, code: str, *, quantity: Decimal, operation: str
) -> list[Piece]:
    target = orders.lock(work, code=code)
    review.order_id = target.id
    review.task_id = _task(work, orders.tasks(work, target), operation).id if operation else None
    if quantity <= ZERO:
        raise NothingToReport(order=code, operation=operation)
    return [(None, quantity)]


def _of_lot(work: Work, review: NonConformance, code: str, *, quantity: Decimal) -> list[Piece]:
    held = lots.lock(work, code=code)
    review.lot_id = held.id
    if (quantity or held.on_hand) <= ZERO:
        raise NothingToReport(order=code, operation="")
    return [(None, quantity or held.on_hand)]


def _of_units(work: Work, review: NonConformance, codes: Sequence[str]) -> list[Piece]:
    """Take pieces of one order; those that had failed stand aside until it is decided."""
    review.order_id, found = reviews.units(work, codes=codes)
    for unit in found:
        if unit.status is UnitStatus.FAILED:
            unit.move(UnitStatus.QUARANTINED)
    return [(unit, Decimal(1)) for unit in found]


def _task(work: Work, tasks: Sequence[OperationTask], operation: str) -> OperationTask:
    code = work.playbook.operation(operation).code
    found = next((it for it in tasks if it.code == code), None)
    if found is None:
        raise NotFound(kind="operation", code_text=operation)
    return found


def _item(
    work: Work, review: NonConformance, *, line: int, quantity: Decimal, unit: Unit | None, defect: str
) -> NonConformanceItem:
    return NonConformanceItem(
        id=work.new_id(),
        nonconformance_id=review.id,
        line=line,
        unit_id=unit.id if unit else None,
        quantity=quantity,
        defect=defect[:DEFECT],
        disposition=Disposition.PENDING,
        void=False,
    )


def judge(
    work: Work,
    *,
    number: int,
    disposition: Disposition,
    line: int | None = None,
    quantity: Decimal | None = None,
) -> ReviewMoved:
    """Decide about an item (of a part of its quantity: the rest stays undecided), or about all that are open.

    Nobody gives away alone what they have raised: with somebody else on shift that is refused, otherwise done
    and marked. Raises NotFound, NoSuchItem, NotYourOwn, WrongState.
    """
    require(work, "review.judge")
    review = reviews.lock(work, number=number)
    review.take_judgement()
    kind = GIVES_AWAY.get(disposition)
    own = kind is not None and review.raised_by == work.actor.person_id
    if kind and not approvals.may_stand(work, kind):
        not_own(work, person_id=review.raised_by, thing=review.code)
    items = reviews.items(work, review)
    meant = _meant(work, review, items, line=line, quantity=quantity)
    for item in meant:
        item.decide(disposition, by=work.actor.person_id, at=work.now)
    work.session.flush()
    undecided = any(it.disposition is Disposition.PENDING for it in reviews.items(work, review))
    review.follow(undecided=undecided)
    moved = _tell(work, "nonconformance.judged", review, disposition=disposition, line=line)
    why = f"{review.code} {review.text}".strip()
    if review.lot_id:
        for item in meant:
            lot_judging.dispose(
                work, lot_id=review.lot_id, disposition=disposition, quantity=item.quantity, why=why
            )
    _apply(work, meant, disposition, why=why)
    if kind and own and approvals.demanded(work, kind):
        approvals.ask(work, kind=kind, subject=("nonconformance", review.id), text=review.code)
    return moved


def _meant(
    work: Work,
    review: NonConformance,
    items: Sequence[NonConformanceItem],
    *,
    line: int | None,
    quantity: Decimal | None,
) -> list[NonConformanceItem]:
    """Return the items to decide about; a part of one becomes an item of its own."""
    pending = [it for it in items if it.disposition is Disposition.PENDING]
    meant = [it for it in pending if line is None or it.line == line]
    if quantity is not None:
        meant = [it for it in meant if it.quantity >= quantity > ZERO][:1]
    if not meant:
        left = "、".join(f"第 {it.line} 项 {it.quantity}" for it in pending)
        raise NoSuchItem(review=review.code, left=left or "—")
    if quantity is None or meant[0].quantity == quantity:
        return meant
    whole = meant[0]
    part = _item(
        work,
        review,
        line=reviews.next_line(work, review),
        quantity=quantity,
        unit=None,
        defect=whole.defect,
    )
    whole.quantity -= quantity
    work.session.add(part)
    return [part]


STANDING_ASIDE = (UnitStatus.FAILED, UnitStatus.QUARANTINED, UnitStatus.RETURNED)


def _apply(work: Work, items: Sequence[NonConformanceItem], disposition: Disposition, *, why: str) -> None:
    """Let pieces that stand aside go where it was decided they go, under events of their own.

    What is used as it is goes back too: it passes again where it had failed, and counts as good there.
    """
    ids = [it.unit_id for it in items if it.unit_id]
    units = [it for it in (work.session.get_one(Unit, one) for one in ids) if it.status in STANDING_ASIDE]
    codes = [it.code for it in units]
    if codes and disposition in (Disposition.REWORK, Disposition.USE_AS_IS):
        judging.send_back(work, codes=codes, reason=why)
    elif codes and disposition is Disposition.SCRAP:
        judging.scrap(work, codes=codes, reason=why)


def close(work: Work, *, number: int) -> ReviewMoved:
    """Close a review of which every item is decided; raises NotFound, WrongState."""
    require(work, "review.judge")
    review = reviews.lock(work, number=number)
    review.move(NonConformanceStatus.CLOSED)
    return _tell(work, "nonconformance.closed", review)


def reopen(work: Work, *, number: int, reason: str, line: int | None = None) -> ReviewMoved:
    """Open it again: an item (or each) is undecided once more.

    Of a lot the decisions have moved it: they are undone instead. Raises NotFound, WrongState, NoSuchItem,
    AlreadyMoved.
    """
    require(work, "review.judge")
    review = reviews.lock(work, number=number)
    review.move(NonConformanceStatus.INVESTIGATING)
    meant = [it for it in reviews.items(work, review) if line is None or it.line == line]
    if not meant:
        raise NoSuchItem(review=review.code, left="—")
    if review.lot_id:
        raise AlreadyMoved(review=review.code, lot=work.session.get_one(Lot, review.lot_id).code)
    for item in meant:
        item.decide(Disposition.PENDING, by=None, at=None)
    return _tell(work, "nonconformance.reopened", review, reason=reason, line=line)


def _tell(work: Work, event_type: str, review: NonConformance, **data: Any) -> ReviewMoved:
    work.session.flush()
    items = reviews.items(work, review)
    order = work.session.get_one(WorkOrder, review.order_id) if review.order_id else None
    lot = work.session.get_one(Lot, review.lot_id) if review.lot_id else None
    moved = ReviewMoved(
        review=review.code,
        order=order.code if order else "",
        lot=lot.code if lot else "",
        status=review.status,
        text=review.text,
        items=len(items),
        pending=sum(it.disposition is Disposition.PENDING for it in items),
    )
    about = [("nonconformance", review.id)]
    about += [("work_order", order.id)] if order else []
    about += [("lot", lot.id)] if lot else []
    work.record(event_type, data={**moved, **data}, about=about)
    return moved
