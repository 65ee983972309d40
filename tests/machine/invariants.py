"""What is always true (domain.md), one function each, from rows alone: none asks the code under test.

Each is given the moment before a step and the moment after it. Masked fields (14) are no matter of rows: what
a card may show is tested where cards are made.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import groupby
from typing import Any, Final

from tests.machine import genealogy
from tests.machine.snapshot import Snapshot, fresh, moved

ZERO: Final = Decimal(0)
OVER: Final = ("merged", "skipped", "cancelled")
Tasks = Sequence[Any]


def tasks_of(now: Snapshot) -> dict[int, Tasks]:
    """Return the operations of every order in sequence."""
    found: dict[int, list[Any]] = defaultdict(list)
    for task in now.living("operation_task"):
        found[task.order_id].append(task)
    return {order: sorted(tasks, key=lambda it: it.sequence) for order, tasks in found.items()}


def used(task: Any) -> Decimal:
    """Return the pieces of which something was reported at an operation."""
    return Decimal(task.good + task.scrap + task.open_rework)


def arrived(order: Any, tasks: Tasks) -> dict[int, Decimal]:
    """Return the pieces that have come to each operation: a parallel group shares what comes before it."""
    found: dict[int, Decimal] = {}
    here = order.quantity
    for _, group in groupby(tasks, key=lambda it: (it.parallel, None if it.parallel else it.sequence)):
        members = list(group)
        found |= {it.sequence: max(here - it.passed, ZERO) for it in members}
        here = min((it.good + it.passed for it in members if it.status not in OVER), default=here)
    return found


def quantities_of_operations_add_up(_before: Snapshot, now: Snapshot) -> None:
    """1: started = good + scrap + open rework + remaining; no more than came, or than the route allows."""
    for order_id, tasks in tasks_of(now).items():
        order = now.tables["work_order"][order_id]
        here = arrived(order, tasks)
        for task in (it for it in tasks if it.status not in OVER):
            came = here[task.sequence]
            started = max(came, used(task))
            remaining = started - used(task)
            parts = (task.good, task.scrap, task.open_rework, remaining, task.outside)
            assert min(parts) >= ZERO, (order.code, task.name, parts)
            assert task.good + task.scrap + task.open_rework + remaining == started
            most = came * (1 + order.over_allowance)
            if came == came.to_integral_value():
                most = most.to_integral_value(ROUND_FLOOR)
            assert used(task) <= max(most, came), (order.code, task.name, parts, came)
            assert task.outside <= remaining + task.open_rework, (order.code, task.name, "outside", parts)


def operations_stand_where_their_pieces_are(_before: Snapshot, now: Snapshot) -> None:
    """1: an operation that waits has no pieces, one that is done has none left."""
    for order_id, tasks in tasks_of(now).items():
        order = now.tables["work_order"][order_id]
        here = arrived(order, tasks)
        for task in tasks:
            came = here[task.sequence]
            if task.status == "waiting":
                assert came == ZERO, (order.code, task.name, "waits with pieces before it", came)
            if task.status == "done":
                left = max(came - used(task), ZERO) + task.open_rework
                assert left == ZERO, (order.code, task.name, "done with pieces left", left)


def lots_balance(_before: Snapshot, now: Snapshot) -> None:
    """2: received + returned + split in = consumed + scrapped + split out + on hand, as the edges say."""
    gone: Counter[tuple[str, int]] = Counter()
    come: Counter[tuple[str, int]] = Counter()
    for edge in now.living("edge"):
        if edge.parent_kind == "lot":
            gone["used" if edge.how == "consumed" else "split", edge.parent_id] += edge.quantity
        if edge.child_kind == "lot":
            come["made" if edge.how == "made" else "split", edge.child_id] += edge.quantity
    for lot in now.living("lot"):
        came = lot.received + lot.returned + lot.split_in
        assert came == lot.issued + lot.scrapped + lot.split_out + lot.on_hand, (lot.code, "does not balance")
        amounts = (
            lot.received,
            lot.returned,
            lot.split_in,
            lot.issued,
            lot.scrapped,
            lot.split_out,
            lot.on_hand,
        )
        assert all(isinstance(it, Decimal) and it >= ZERO for it in amounts), (lot.code, amounts)
        assert lot.issued - lot.returned == gone["used", lot.id], (lot.code, "edges", gone["used", lot.id])
        assert lot.split_out == gone["split", lot.id], (lot.code, "split out", lot.split_out)
        assert lot.split_in == come["split", lot.id], (lot.code, "split in", lot.split_in)
        if lot.made_by is not None and lot.parent_id is None:
            assert come["made", lot.id] <= lot.received, (lot.code, "made", come["made", lot.id])
        if lot.status in ("released", "consumed"):
            assert (lot.status == "consumed") == (lot.on_hand == ZERO), (lot.code, lot.status, lot.on_hand)


def genealogy_is_acyclic(_before: Snapshot, now: Snapshot) -> None:
    """3: nothing went into itself, and everything that went somewhere is there."""
    assert genealogy.circle(now) is None
    tables = {"order": "work_order"}
    for edge in now.living("edge"):
        for kind, ref in ((edge.parent_kind, edge.parent_id), (edge.child_kind, edge.child_id)):
            assert now.row(tables.get(kind, kind), ref) is not None, ("edge of what is void", edge)


def a_unit_has_one_parent_and_sits_in_one_container(_before: Snapshot, now: Snapshot) -> None:
    """3: and where it sits is what its state says."""
    places: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for edge in now.edges():
        if edge.how in ("assembled", "packed", "shipped") and edge.parent_kind in ("unit", "container"):
            places[edge.parent_kind, edge.parent_id].append(edge)
    for thing, edges in places.items():
        assert len(edges) == 1 or {it.how for it in edges} == {"packed", "shipped"}, (thing, "sits twice")
    for unit in now.living("unit"):
        hows = {it.how for it in places.get(("unit", unit.id), ())}
        assert ("packed" in hows or "shipped" in hows) == (unit.status in ("packed", "shipped")), (
            unit.code,
            unit.status,
            hows,
        )


def only_released_unexpired_lots_are_consumed(before: Snapshot, now: Snapshot) -> None:
    """4: and no lot whose time is over."""
    for edge in fresh(before, now, "edge"):
        if edge.how == "consumed" and edge.parent_kind == "lot" and edge.quantity > ZERO:
            lot = before.row("lot", edge.parent_id)
            assert lot is not None
            assert lot.status == "released", (lot.code, "was", lot.status)
            assert lot.expires_at is None or lot.expires_at > now.at, (lot.code, "had expired")


def a_hold_reaches_every_descendant_at_once(before: Snapshot, now: Snapshot) -> None:
    """4: what is held, or made of what is, is not consumed, loaded, passed, packed, shipped or completed."""
    held = genealogy.held(before)
    for edge in fresh(before, now, "edge"):
        used_up = (
            edge.how in ("consumed", "assembled", "packed", "shipped", "merged") and edge.quantity > ZERO
        )
        used_up &= edge.ended_at is None  # of a box from which some come back
        assert not (used_up and (edge.parent_kind, edge.parent_id) in held), ("held", edge)
    for loading in fresh(before, now, "loading"):
        assert ("lot", loading.lot_id) not in held, ("a held lot was loaded", loading)
    for step in fresh(before, now, "unit_step"):
        went_on = step.result != "fail" and not step.made_up
        assert not (went_on and ("unit", step.unit_id) in held), ("a held piece went on", step)
    for was, order in moved(before, now, "work_order"):
        if order.status == "completed":
            assert ("order", order.id) not in held, (order.code, was.status)


def identity_of_a_lot_never_changes_after_first_use(before: Snapshot, now: Snapshot) -> None:
    """5."""
    for ref, was in before.tables["lot"].items():
        lot = now.tables["lot"][ref]
        if not was.void and any((was.issued, was.scrapped, was.split_out, was.split_in)):
            then, there = ((it.material_id, it.supplier, it.lot_no) for it in (was, lot))
            assert then == there, (was.code, then, there)


def nothing_is_deleted(before: Snapshot, now: Snapshot) -> None:
    """7: and every change belongs to an event, which names who did it and by which message."""
    for name, rows in before.tables.items():
        assert rows.keys() <= now.tables[name].keys(), (name, "lost rows")
    if not now.events:
        assert before.tables == now.tables, "changed without an event"
    for event in now.events:
        people = event.actor_id is not None and event.message is not None
        assert people or (event.actor_id is None and event.message is None), (event.type, "who said it?")


def routes_and_boms_of_released_orders_are_frozen(before: Snapshot, now: Snapshot) -> None:
    """8: only an engineering change opens them, as a new version, while the order is held for it."""
    for name in ("operation", "bom_line", "route_version", "bom_version"):
        for ref, was in before.tables[name].items():
            row = now.tables[name][ref]
            same = {**was._mapping, "void": None} == {**row._mapping, "void": None}
            assert same, (name, "changed", was, row)
    changed = {event.type for event in now.events}
    for ref, was in before.tables["work_order"].items():
        order = now.tables["work_order"][ref]
        if was.route_id is not None and (was.route_id, was.bom_id) != (order.route_id, order.bom_id):
            held = was.status == "change_hold" and changed & {"route.changed", "bom.changed"}
            assert held or "act.voided" in changed, (order.code, "made another way", changed)


def a_unit_past_an_operation_went_through_it(_before: Snapshot, now: Snapshot) -> None:
    """9: or an approved skip let it, or a finding is open."""
    through = {(it.unit_id, it.task_id) for it in now.living("unit_step") if it.result in ("pass", "skip")}
    open_ones = {(it.unit_id, it.sequence) for it in now.living("finding") if it.status == "open"}
    tasks = tasks_of(now)
    for unit in now.living("unit"):
        if unit.is_panel and not unit.pieces:
            continue  # its boards go on for it
        finished = unit.status in ("done", "packed", "shipped", "returned") and not unit.rounds
        for task in tasks.get(unit.order_id, ()):
            past = unit.first_sequence <= task.sequence and (finished or task.sequence < unit.sequence)
            if past and task.status not in OVER and task.passed == ZERO:
                ok = (unit.id, task.id) in through or (unit.id, task.sequence) in open_ones
                assert ok, (unit.code, unit.status, unit.sequence, "without", task.name)


def nobody_approves_their_own(_before: Snapshot, now: Snapshot) -> None:
    """10: or it is marked, and waits for the next approver."""
    waiting = {(it.subject_kind, it.subject_id) for it in now.living("approval")}
    for approval in now.living("approval"):
        if approval.status != "pending":
            assert approval.decided_by is not None
            assert approval.decided_by != approval.asked_by, (approval.number, "approved by who asked")
    for finding in now.living("finding"):
        if finding.status == "skipped":
            assert finding.answered_by != finding.seen_by, (finding.number, "skipped by who passed it")
    reviews = now.tables["nonconformance"]
    for item in now.living("nonconformance_item"):
        review = reviews[item.nonconformance_id]
        own = item.decided_by is not None and item.decided_by == review.raised_by and not review.void
        if own and item.disposition in ("scrap", "use_as_is"):
            assert ("nonconformance", review.id) in waiting, (review.number, "judged alone")


def an_order_does_not_complete_undecided(before: Snapshot, now: Snapshot) -> None:
    """11: not with an undecided item of a review, nor with pieces that nothing was said about."""
    undecided = {
        reviews.order_id
        for item in before.living("nonconformance_item")
        if item.disposition == "pending"
        and (reviews := before.row("nonconformance", item.nonconformance_id)) is not None
    }
    tasks = tasks_of(now)
    for was, order in moved(before, now, "work_order"):
        if order.status == "completed":
            assert order.id not in undecided, (order.code, "with an undecided review")
            here = arrived(order, tasks[order.id])
            for task in (it for it in tasks[order.id] if it.status not in OVER):
                left = max(here[task.sequence] - used(task), ZERO) + task.open_rework
                assert left == ZERO, (order.code, was.status, task.name, left)


def an_order_does_not_close_with_findings(before: Snapshot, now: Snapshot) -> None:
    """11: nor while the data that its trace level demands is missing, unless it was waived."""
    lacking = {finding.order_id for finding in now.living("finding") if finding.status == "open"}
    for _was, order in moved(before, now, "work_order"):
        if order.status == "closed" and (order.trace_material or order.trace_process):
            assert order.id not in lacking, (order.code, "archived with open findings")


def edges_say_how_sure_they_are(_before: Snapshot, now: Snapshot) -> None:
    """12: what was taken by quantity is shared, what was scanned into one thing is exact."""
    for edge in now.living("edge"):
        by_quantity = edge.how == "consumed" and edge.child_kind == "order"
        assert edge.confidence == ("shared" if by_quantity else "exact"), edge


def closed_containers_hold_what_their_label_says(before: Snapshot, now: Snapshot) -> None:
    """13: and their contents do not change silently."""
    then, there = _contents(before), _contents(now)
    for box in now.living("container"):
        if box.status != "closed":
            continue
        assert sum(there[box.id].values()) == box.labelled, (box.code, box.labelled, there[box.id])
        was = before.row("container", box.id)
        if was is not None and was.status == "closed":
            assert then[box.id] == there[box.id], (box.code, "changed while it was closed")


def _contents(now: Snapshot) -> dict[int, dict[tuple[str, int, int], Decimal]]:
    found: dict[int, dict[tuple[str, int, int], Decimal]] = defaultdict(dict)
    for edge in now.edges():
        if edge.how == "packed":
            found[edge.child_id][edge.parent_kind, edge.parent_id, edge.id] = edge.quantity
    return found


def an_open_andon_has_a_holder_and_a_due_time(_before: Snapshot, now: Snapshot) -> None:
    """15."""
    for andon in now.living("andon"):
        if andon.status != "closed":
            assert andon.holder_id is not None, (andon.number, andon.status, "nobody has it")
            assert andon.due_at is not None, (andon.number, andon.status, "never due")
