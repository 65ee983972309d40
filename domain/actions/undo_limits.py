"""What an undo must respect besides the rows: one place a person, shut boxes, what was used, four eyes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from domain.actions import approvals
from domain.errors import StoodUpon
from domain.models.approval import ApprovalKind
from domain.models.genealogy import Edge, How
from domain.models.journal import Event, Inbox
from domain.models.lot import Lot
from domain.models.work_order import TaskStatus, WorkOrder
from domain.queries import inside, using
from domain.store import containers, events, people, sign_ons, units
from domain.work import Work

ZERO: Final = Decimal(0)
MADE: Final = ("work.reported",)
ASSEMBLING: Final = ("unit.assembled", "unit.exchanged")
PACKING: Final = ("container.packed", "container.unpacked")


def refuse_second_place(work: Work, done: Sequence[Event], *, number: int) -> None:
    """Refuse to sign somebody on again who stands elsewhere since; raises StoodUpon."""
    made = {int(key) for it in done for key, stood in it.before.get("sign_on", {}).items() if not stood}
    for event in done:
        if event.type == "person.signed_off" and sign_ons.stands_elsewhere(
            work, ended=[int(key) for key in event.after.get("sign_on", {})], besides=made
        ):
            raise StoodUpon(number=f"#{number}", later="person.signed_on")


def refuse_shut(work: Work, done: Sequence[Event], *, number: int) -> None:
    """Refuse to change what is in a container that is closed over it or put away since; raises StoodUpon."""
    edges = [int(key) for it in done if it.type in PACKING for key in it.after.get("edge", {})]
    if containers.lock_shut_around(work, edges=edges):
        raise StoodUpon(number=f"#{number}", later="container.closed")
    shut = [int(key) for it in done if it.type == "container.closed" for key in it.after.get("container", {})]
    if containers.open_edges(work, of=[("container", box) for box in shut], how=[How.PACKED]):
        raise StoodUpon(number=f"#{number}", later="container.packed")


def refuse_passed_over(work: Work, done: Sequence[Event], *, number: int) -> None:
    """Refuse to ask for a skipped operation after all where pieces have gone past it; raises StoodUpon."""
    changed = [row for it in done if it.type == "work.skipped" for row in it.after["operation_task"].items()]
    skipped = [int(key) for key, row in changed if row.get("status") == TaskStatus.SKIPPED]
    if units.gone_past(work, tasks=skipped):
        raise StoodUpon(number=f"#{number}", later="unit.passed")


def refuse_sent(work: Work, done: Sequence[Event], *, number: int) -> None:
    """Refuse to take out of a piece, or put into it, what it left with: it is in a box; raises StoodUpon."""
    edges = [int(key) for it in done if it.type in ASSEMBLING for key in it.after.get("edge", {})]
    for edge in (work.session.get_one(Edge, it) for it in edges):
        if place := inside.place_of(work, (edge.child_kind, edge.child_id)):
            later = "shipment.shipped" if place[0] == "shipment" else "container.packed"
            raise StoodUpon(number=f"#{number}", later=later)


def hold_used(work: Work, done: Sequence[Event], *, number: int) -> None:
    """Refuse to take an issue back, which was done, where more was made of it since than there remains.

    What other lots cover may go: that is how a wrong lot is put right. Raises StoodUpon.
    """
    own = [event.id for event in done]
    for event in done:
        edges = [work.session.get_one(Edge, int(key)) for key in event.after.get("edge", {})]
        for edge in edges if event.type == "lot.issued" else ():
            order = work.session.get_one(WorkOrder, edge.child_id)
            lot = work.session.get_one(Lot, edge.parent_id)
            short = using.unused(work, order, material_id=lot.material_id).get(edge.operation, ZERO) < ZERO
            made = ("work_order", order.id)
            if short and (later := events.later_about(work, event, thing=made, types=MADE, besides=own)):
                raise StoodUpon(number=f"#{number}", later=later.type)


def ask_for_others(work: Work, act: Inbox, done: Sequence[Event], *, number: int) -> None:
    """Have somebody else look at it when the act of another is voided; it is void meanwhile."""
    kind = ApprovalKind.REPORT_VOID
    if act.person_id is None or act.person_id == work.actor.person_id or not approvals.demanded(work, kind):
        return
    first = done[0]
    tables = [(table, int(key)) for table, rows in first.after.items() for key in rows]
    what = " ".join(str(first.data[name]) for name in ("order", "operation", "lot") if first.data.get(name))
    data = {"type": first.type, "number": number}
    subject = tables[0] if tables else ("event", first.id)
    whose = people.by_ids(work, [act.person_id])[0].name
    approvals.ask(work, kind=kind, subject=subject, text=f"{whose} #{number} {what}".strip(), data=data)
