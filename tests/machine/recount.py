"""What every operation has made, counted a second time: from the journal and the ways of single pieces."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from tests.machine.snapshot import Snapshot

ZERO: Final = Decimal(0)
OVER: Final = ("merged", "skipped", "cancelled")
FINISHED: Final = ("in_review", "completed", "closed", "cancelled")
AWAY: Final = ("done", "packed", "shipped", "returned")
Told = dict[int, dict[str, Any]]


def every_operation_counts_what_came_through_it(_before: Snapshot, now: Snapshot) -> None:
    """1: a piece counts once at each operation, wherever it comes there first; it owes where it failed."""
    told = _Recount(now)
    for event in _standing(now.journal):
        told.follow(event)
    for task in now.living("operation_task"):
        mine = told.counted[task.id]
        order = now.tables["work_order"][task.order_id].code
        stated = {"good": task.good, "scrap": task.scrap, "rework": task.open_rework, "passed": task.passed}
        assert stated == vars(mine), (order, task.name, "counts", stated, "and came to", vars(mine))


def _standing(journal: Sequence[Any]) -> Iterator[Any]:
    """Yield what happened and was not taken back."""
    void = {event.void_of for event in journal}
    return (event for event in journal if event.id not in void and event.void_of is None)


def _made_by(event: Any, table: str) -> list[int]:
    return [int(ref) for ref, row in event.before.get(table, {}).items() if not row]


@dataclass
class _Made:
    """What there is of one operation."""

    good: Decimal = ZERO
    scrap: Decimal = ZERO
    rework: Decimal = ZERO
    passed: Decimal = ZERO

    @property
    def used(self) -> Decimal:
        return self.good + self.scrap + self.rework


@dataclass
class _Piece:
    """One piece: the operations that have counted it, and those at which it is owed rework."""

    counted: set[int] = field(default_factory=set)
    owes: set[int] = field(default_factory=set)


class _Recount:
    """The journal followed from its beginning, by ids: numbers of steps change, operations do not."""

    def __init__(self, now: Snapshot) -> None:
        self.sequences = {ref: it.sequence for ref, it in now.tables["operation_task"].items()}
        self.counted: dict[int, _Made] = defaultdict(_Made)
        self.pieces: dict[int, _Piece] = defaultdict(_Piece)
        self.rows: dict[str, Told] = defaultdict(lambda: defaultdict(dict))

    def follow(self, event: Any) -> None:
        """Count what one event says."""
        was = {int(ref): dict(self.rows["unit"][int(ref)]) for ref in event.after.get("unit", {})}
        for ref in _made_by(event, "operation_task") if event.type == "route.changed" else ():
            self._put_in(ref, event.after["operation_task"][str(ref)]["order_id"])
        self._take_over(event.after)
        for ref in _made_by(event, "unit"):
            self._begin(ref, event)
        for ref in sorted(_made_by(event, "unit_step"), key=self._place):
            self._step(self.rows["unit_step"][ref], was)
        for ref, before in was.items():
            if self.rows["unit"][ref]["status"] == "scrapped" != before.get("status"):
                self._scrap(ref)
        if event.type == "work.reported" and "units" not in event.data:
            self._report(event)

    def _take_over(self, after: dict[str, dict[str, dict[str, Any]]]) -> None:
        for table, rows in after.items():
            for ref, columns in rows.items():
                if ref.isdecimal():
                    self.rows[table][int(ref)].update(columns)

    def _place(self, step: int) -> tuple[int, int]:
        row = self.rows["unit_step"][step]
        return row["unit_id"], self.sequences[row["task_id"]]

    def _begin(self, ref: int, event: Any) -> None:
        """A piece comes into being: what is before where it begins has been counted without it."""
        unit, piece = self.rows["unit"][ref], self.pieces[ref]
        panels = [it for it, row in event.after["unit"].items() if row.get("pieces") == 0]
        if event.type == "unit.divided":
            (panel,) = (self.pieces[int(it)] for it in panels)
            piece.counted, piece.owes = set(panel.counted), set(panel.owes)
        before = (it for it in self._tasks(unit["order_id"]) if it["sequence"] < unit["first_sequence"])
        piece.counted |= {it["id"] for it in before}

    def _step(self, step: dict[str, Any], was: Told) -> None:
        ref, task = step["unit_id"], step["task_id"]
        piece, made = self.pieces[ref], self.counted[task]
        pieces = Decimal(was[ref]["pieces"])
        failed, new = step["result"] == "fail", task not in piece.counted
        piece.counted.add(task)
        if new:
            made.rework += pieces if failed else ZERO
            made.good += ZERO if failed else pieces
            piece.owes |= {task} if failed else set()
        elif failed and was[ref]["status"] == "done" and self._is_open(ref):
            made.good, made.rework = made.good - pieces, made.rework + pieces
            piece.owes.add(task)
        elif task in piece.owes and not failed:
            made.good, made.rework = made.good + pieces, made.rework - pieces
            piece.owes.remove(task)

    def _scrap(self, ref: int) -> None:
        if self._is_open(ref):
            for task in self.pieces[ref].owes:
                pieces, made = Decimal(self.rows["unit"][ref]["pieces"]), self.counted[task]
                made.scrap, made.rework = made.scrap + pieces, made.rework - pieces
        self.pieces[ref].owes.clear()

    def _is_open(self, ref: int) -> bool:
        order = self.rows["work_order"][self.rows["unit"][ref]["order_id"]]
        return order["status"] not in FINISHED

    def _report(self, event: Any) -> None:
        """Pieces without numbers: fresh ones first, then those of open rework."""
        (order,) = (row for row in self.rows["work_order"].values() if row["code"] == event.data["order"])
        tasks = self._tasks(order["id"])
        (task,) = (it for it in tasks if it["name"] == event.data["operation"])
        good, scrap, rework = (Decimal(event.data[it]) for it in ("good", "scrap", "rework"))
        made = self.counted[task["id"]]
        fresh = max(self._came(order, tasks)[task["id"]] - made.used, ZERO)
        again = min(max(good + scrap + rework - fresh, ZERO), made.rework)
        made.good, made.scrap = made.good + good, made.scrap + scrap
        made.rework += rework - again

    def _came(self, order: dict[str, Any], tasks: Sequence[dict[str, Any]]) -> dict[int, Decimal]:
        found: dict[int, Decimal] = {}
        here = Decimal(order["quantity"])
        for _, group in groupby(tasks, key=lambda it: (it["parallel"], it["parallel"] or it["sequence"])):
            members = list(group)
            found |= {it["id"]: max(here - self.counted[it["id"]].passed, ZERO) for it in members}
            after = [self.counted[it["id"]] for it in members if it["status"] not in OVER]
            here = min((it.good + it.passed for it in after), default=here)
        return found

    def _put_in(self, ref: int, order: int) -> None:
        """An operation comes into a route: what is past it already has been counted there."""
        behind = [it for it in self._tasks(order) if self.sequences[it["id"]] > self.sequences[ref]]
        behind = [it for it in behind if it["status"] not in OVER]
        past = [self.counted[it["id"]] for it in behind]
        outside = [Decimal(it["outside"]) for it in behind]
        beyond = {it["id"] for it in behind}
        mine = {key: unit for key, unit in self.rows["unit"].items() if unit["order_id"] == order}
        away = sum((Decimal(it["pieces"]) for it in mine.values() if it["status"] in AWAY), ZERO)
        used = (it.used + it.passed + out for it, out in zip(past, outside, strict=True))
        self.counted[ref].passed = max((*used, away), default=ZERO)
        for key in mine:
            if self.pieces[key].counted & beyond:
                self.pieces[key].counted.add(ref)

    def _tasks(self, order: int) -> list[dict[str, Any]]:
        found = [
            {**row, "id": ref}
            for ref, row in self.rows["operation_task"].items()
            if row["order_id"] == order and not row["void"]
        ]
        return sorted(found, key=lambda it: int(it["sequence"]))
