"""The states of domain.md, "the only transitions there are", written down a second time."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from tests.machine.snapshot import Snapshot, moved

MOVES: Final[Mapping[str, Mapping[str, str]]] = {
    "work_order": {
        "draft": "released cancelled",
        "released": "ready cancelled",
        "ready": "running change_hold cancelled",
        "running": "paused in_review change_hold cancelled",
        "paused": "running change_hold cancelled",
        "change_hold": "ready running paused cancelled",
        "in_review": "completed cancelled",
        "completed": "closed running",
    },
    "operation_task": {
        "waiting": "ready merged skipped cancelled",
        "ready": "running merged skipped cancelled",
        "running": "paused done cancelled",
        "paused": "running cancelled",
        "done": "running",
    },
    "unit": {
        "queued": "in_station",
        "in_station": "queued done failed",
        "failed": "rework quarantined scrapped",
        "rework": "queued in_station",
        "quarantined": "rework queued scrapped",
        "done": "packed failed",
        "packed": "shipped done",
        "shipped": "returned",
        "returned": "rework scrapped",
    },
    "lot": {
        "in_inspection": "released quarantined rejected",
        "released": "consumed expired quarantined",
        "quarantined": "released scrapped returned_to_supplier",
        "rejected": "returned_to_supplier",
        "consumed": "released",
    },
    "container": {"open": "closed", "closed": "shipped open", "shipped": "returned", "returned": "open"},
    "andon": {
        "open": "acknowledged resolved",
        "acknowledged": "contained resolved reopened",
        "contained": "resolved reopened",
        "resolved": "closed reopened",
        "reopened": "acknowledged resolved",
    },
    "nonconformance": {
        "open": "investigating dispositioned",
        "investigating": "dispositioned",
        "dispositioned": "closed investigating",
        "closed": "investigating",
    },
    "timer": {"active": "warned expired done waived", "warned": "expired done waived", "expired": "waived"},
    "approval": {"pending": "approved refused"},
    "finding": {"open": "made_up merged skipped waived"},
}


@cache
def _ways(table: str, start: str) -> frozenset[str]:
    """Return every state that can be reached from one: an act may make several moves at once."""
    seen, todo = set(), [start]
    while todo:
        for state in MOVES[table].get(todo.pop(), "").split():
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return frozenset(seen)


def states_move_only_by_the_tables(before: Snapshot, now: Snapshot) -> None:
    """No thing is where its table has no way to; an undo restores what stood before."""
    for table in MOVES:
        for was, row in moved(before, now, table):
            assert str(row.status) in _ways(table, str(was.status)), (table, row.id, was.status, row.status)
