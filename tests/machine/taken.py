"""What is always true of what is taken, and of pieces on their way: beyond the fifteen of domain.md."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any, Final

from tests.machine.snapshot import Snapshot, fresh, moved

ZERO: Final = Decimal(0)
REPORTS: Final = ("work.reported", "finding.settled")
REWORKED: Final = ("failed", "quarantined", "rework")


def a_report_takes_what_its_pieces_take(before: Snapshot, now: Snapshot) -> None:
    """Of each BOM line no more than the pieces reported in this step need, and never twice."""
    if not now.events or {event.type for event in now.events} - {*REPORTS, "approval.asked"}:
        return  # other acts take material for reasons of their own: unloading, assembling, issuing
    taken: Counter[tuple[int, str, int]] = Counter()
    for edge in fresh(before, now, "edge"):
        if edge.how == "consumed" and edge.child_kind == "order" and edge.operation:
            lot = now.tables["lot"][edge.parent_id]
            taken[edge.child_id, edge.operation, lot.material_id] += edge.quantity
    settled = any(event.type == "finding.settled" for event in now.events)
    for (order_id, operation, material), quantity in taken.items():
        order = now.tables["work_order"][order_id]
        lines = [
            line
            for line in now.tables["bom_line"].values()
            if line.bom_id == order.bom_id
            and line.operation == operation
            and (line.material_id == material or material in line.alternates)
        ]
        most = sum((line.quantity for line in lines), ZERO) * _made(before, now, order_id, operation)
        assert settled or quantity <= most, (order.code, operation, "took", quantity, "of at most", most)


def _made(before: Snapshot, now: Snapshot, order_id: int, operation: str) -> Decimal:
    """Return the pieces that were made good or scrap at an operation in this step."""
    made = ZERO
    for ref, task in now.tables["operation_task"].items():
        if task.order_id == order_id and task.code == operation:
            was = before.tables["operation_task"][ref]
            made += task.good + task.scrap - was.good - was.scrap
    return made


def a_piece_in_a_station_came_in(_before: Snapshot, now: Snapshot) -> None:
    """Since when it is in there is known as long as it is, and it came in before it passed."""
    for unit in now.living("unit"):
        inside = unit.status == "in_station"
        assert inside == (unit.entered_at is not None), (unit.code, unit.status, unit.entered_at)
    for step in now.living("unit_step"):
        assert step.entered_at is None or step.entered_at <= step.at, (step.unit_id, "left before it came")


def open_rework_is_what_failed_and_is_not_settled(_before: Snapshot, now: Snapshot) -> None:
    """Of an order whose pieces all have numbers: the open rework is that of pieces in a round of it."""
    pieces: dict[int, list[Any]] = defaultdict(list)
    for unit in now.living("unit"):
        pieces[unit.order_id].append(unit)
    for order_id, mine in pieces.items():
        again = sum(unit.pieces for unit in mine if unit.rounds or unit.status in REWORKED)
        tasks = [it for it in now.living("operation_task") if it.order_id == order_id]
        stated = sum((it.open_rework for it in tasks), ZERO)
        by_quantity = any(it.good + it.scrap + it.open_rework > _through(now, it) for it in tasks)
        assert by_quantity or stated <= again, (now.tables["work_order"][order_id].code, stated, again)


def _through(now: Snapshot, task: Any) -> Decimal:
    """Return the pieces that went through an operation one by one."""
    went = {step.unit_id for step in now.living("unit_step") if step.task_id == task.id}
    return Decimal(sum(max(now.tables["unit"][ref].pieces, 1) for ref in went))


def a_box_that_is_shipped_was_closed(before: Snapshot, now: Snapshot) -> None:
    """And everything in it is shipped with it."""
    inside: dict[int, list[Any]] = defaultdict(list)
    for edge in now.edges():
        if edge.how == "packed" and edge.parent_kind == "unit":
            inside[edge.child_id].append(now.tables["unit"][edge.parent_id])
    for was, box in moved(before, now, "container"):
        if box.status == "shipped":
            assert was.status == "closed", (box.code, was.status)
            assert all(unit.status == "shipped" for unit in inside[box.id]), (box.code, "left pieces behind")


def what_is_away_is_in_something_that_left(_before: Snapshot, now: Snapshot) -> None:
    """What stands as shipped holds something, and is in a shipment; nobody stands so that has come back."""
    inside: Counter[tuple[str, int]] = Counter()
    outside: dict[tuple[str, int], str] = {}
    for edge in now.edges():
        if edge.how in ("packed", "shipped"):
            inside[edge.child_kind, edge.child_id] += 1
            outside[edge.parent_kind, edge.parent_id] = edge.child_kind
    for box in now.living("container"):
        if box.status == "shipped":
            assert inside["container", box.id], (box.code, "is away, and empty")
            assert ("container", box.id) in outside, (box.code, "is away, in nothing")
        if box.status == "returned":
            assert not inside["container", box.id], (box.code, "is back, and full")
            assert ("container", box.id) not in outside, (box.code, "is back, in something")
    for sent in now.living("shipment"):
        assert bool(inside["shipment", sent.id]) == (sent.status == "shipped"), (sent.code, sent.status)
